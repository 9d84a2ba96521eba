package main

import (
	"context"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// A command is one line: its name and words, apart by tabs where there is a tab, else by blanks.
type command struct {
	words, usage string
	run          func(c *call) (answer, error)
}

type call struct {
	fleet *fleet
	front *front
	words []string // behind the name
}

type answer = map[string]interface{}

var commands map[string]command

func init() {
	commands = map[string]command{
		"add-vm":          {"1 2", "NAME [GUEST-ID]", addMachine},
		"clone":           {"2", "NAME NEW", cloneMachine},
		"destroy":         {"1", "NAME", destroy},
		"power-on":        {"1", "NAME", power(types.VirtualMachinePowerStatePoweredOn)},
		"power-off":       {"1", "NAME", power(types.VirtualMachinePowerStatePoweredOff)},
		"rename":          {"2", "NAME NEW", renameEntity},
		"move-host":       {"2", "NAME HOST", moveHost},
		"move-folder":     {"2", "NAME FOLDER", moveFolder},
		"add-folder":      {"2", "PARENT NAME", addFolder},
		"add-host":        {"2", "CLUSTER NAME", addHost},
		"guest":           {"2", "NAME GUEST-ID", changeGuest},
		"snapshot":        {"1", "NAME", takeSnapshot},
		"attribute":       {"3", "NAME ATTRIBUTE VALUE", setAttribute},
		"maintenance":     {"2", "HOST on|off", maintenance},
		"connection":      {"2", "NAME STATE", connection},
		"inaccessible":    {"1", "NAME", inaccessible},
		"names":           {"1", "TYPE", names},
		"count":           {"0", "", count},
		"reset":           {"0", "", reset},
		"expire-sessions": {"0", "", func(*call) (answer, error) { return answer{"sessions": expireSessions()}, nil }},
		"forget-versions": {"0", "", forgetVersions},
		"restart":         {"0", "", restart},
		"cut":             {"1 2", "METHOD [NUMBER]", cut},
		"fault":           {"2 3", "METHOD FAULT|STATUS [TEXT]", setFault},
		"deny":            {"1 2", "view|read|propagate|group|object [NAME]", deny},
		"allow":           {"0", "", allow},
		"help":            {"0", "", help},
	}
}

// obey runs one line; a mistake is an answer too.
func obey(f *fleet, front *front, line string) answer {
	words := strings.Fields(line)
	if strings.Contains(line, "\t") {
		words = strings.Split(line, "\t")
	}
	if len(words) == 0 {
		return answer{"error": "an empty line is no command"}
	}
	one, ok := commands[words[0]]
	if !ok {
		return answer{"error": "no command " + words[0] + "; help names them"}
	}
	if !strings.Contains(" "+one.words+" ", " "+strconv.Itoa(len(words)-1)+" ") {
		return answer{"error": strings.TrimSpace("usage: " + words[0] + " " + one.usage)}
	}
	front.steady.Lock()
	defer front.steady.Unlock()
	result, err := one.run(&call{f, front, words[1:]})
	if err != nil {
		return answer{"error": err.Error()}
	}
	if result == nil {
		result = answer{}
	}
	result["ok"] = true
	return result
}

// find looks an entity up by its name, of one of the types; no type: of any.
func find(name string, kinds ...string) (mo.Entity, error) {
	if len(kinds) == 0 {
		kinds = []string{"VirtualMachine", "HostSystem", "Folder", "ClusterComputeResource", "ComputeResource", "Datastore",
			"VirtualApp", "Datacenter"}
	}
	var found []mo.Entity
	for _, kind := range kinds {
		for _, entity := range simulator.Map.All(kind) {
			if entity.Entity().Name == name {
				found = append(found, entity)
			}
		}
		if len(found) == 1 {
			return found[0], nil
		}
	}
	return nil, fmt.Errorf("%d objects are called %s", len(found), name)
}

func machine(name string) (*simulator.VirtualMachine, error) {
	entity, err := find(name, "VirtualMachine")
	if err != nil {
		return nil, err
	}
	return entity.(*simulator.VirtualMachine), nil
}

// change sets properties, and tells who waits for updates.
func change(entity mo.Entity, changes ...types.PropertyChange) {
	simulator.Map.WithLock(entity, func() { simulator.Map.Update(entity, changes) })
}

func set(name string, value interface{}) types.PropertyChange {
	return types.PropertyChange{Name: name, Val: value}
}

// ---- machines

func addMachine(c *call) (answer, error) {
	list := machines()
	if len(list) == 0 {
		return nil, fmt.Errorf("there is no machine to make another one like it")
	}
	if _, err := machine(c.words[0]); err == nil {
		return nil, fmt.Errorf("%s is there already", c.words[0])
	}
	for _, like := range list {
		if like.Config != nil && like.ResourcePool != nil && like.ParentVApp == nil && like.Parent != nil {
			return c.made(like, c.words[0])
		}
	}
	return nil, fmt.Errorf("no machine is fit to make another one like it")
}

func (c *call) made(like *simulator.VirtualMachine, name string) (answer, error) {
	vm := c.fleet.add(like, name)
	if len(c.words) > 1 && c.words[1] != name {
		setGuest(vm, c.words[1], c.words[1])
	}
	return answer{"moref": vm.Self.Value, "instance_uuid": vm.Config.InstanceUuid, "name": vm.Name}, nil
}

func cloneMachine(c *call) (answer, error) {
	like, err := machine(c.words[0])
	if err != nil {
		return nil, err
	}
	if like.Config == nil || like.ResourcePool == nil {
		return nil, fmt.Errorf("%s is a template, or cannot be read", c.words[0])
	}
	return c.made(like, c.words[1])
}

func remove(list *[]reference, ref reference) { simulator.RemoveReference(list, ref) }

// destroy takes a machine, or a folder or a host with nothing in it.
func destroy(c *call) (answer, error) {
	entity, err := find(c.words[0], "VirtualMachine", "HostSystem", "Folder")
	if err != nil {
		return nil, err
	}
	switch one := entity.(type) {
	case *simulator.VirtualMachine:
		leave(one)
	case *simulator.HostSystem:
		cluster, ok := simulator.Map.Get(*one.Parent).(*simulator.ClusterComputeResource)
		if !ok || len(one.Vm) > 0 {
			return nil, fmt.Errorf("%s has machines, or is in no cluster", one.Name)
		}
		remove(&cluster.Host, one.Self)
	case *simulator.Folder:
		parent, ok := simulator.Map.Get(valueOf(one.Parent)).(*simulator.Folder)
		if !ok || len(one.ChildEntity) > 0 {
			return nil, fmt.Errorf("%s is not empty, or a datacenter's own", one.Name)
		}
		remove(&parent.ChildEntity, one.Self)
	}
	simulator.Map.Remove(entity.Reference())
	return answer{"moref": entity.Reference().Value}, nil
}

// leave takes a machine out of everything that names it.
func leave(vm *simulator.VirtualMachine) {
	remove(&hostOf(vm).Vm, vm.Self)
	for _, ref := range vm.Datastore {
		remove(&simulator.Map.Get(ref).(*simulator.Datastore).Vm, vm.Self)
	}
	switch pool := simulator.Map.Get(valueOf(vm.ResourcePool)).(type) {
	case *simulator.ResourcePool:
		remove(&pool.Vm, vm.Self)
	case *simulator.VirtualApp:
		remove(&pool.Vm, vm.Self)
	}
	if folder, ok := simulator.Map.Get(valueOf(vm.Parent)).(*simulator.Folder); ok {
		remove(&folder.ChildEntity, vm.Self)
	}
}

func power(state types.VirtualMachinePowerState) func(*call) (answer, error) {
	return func(c *call) (answer, error) {
		vm, err := machine(c.words[0])
		if err == nil {
			change(vm, set("runtime.powerState", state), set("summary.runtime.powerState", state))
		}
		return nil, err
	}
}

func renameEntity(c *call) (answer, error) {
	entity, err := find(c.words[0])
	if err != nil {
		return nil, err
	}
	name := c.words[1]
	changes := []types.PropertyChange{set("name", name)}
	switch entity.(type) {
	case *simulator.VirtualMachine:
		changes = append(changes, set("config.name", name), set("summary.config.name", name))
	case *simulator.HostSystem:
		changes = append(changes, set("summary.config.name", name))
	case *simulator.Datastore:
		changes = append(changes, set("summary.name", name), set("info.name", name))
	}
	change(entity, changes...)
	return nil, nil
}

func moveHost(c *call) (answer, error) {
	vm, err := machine(c.words[0])
	if err != nil {
		return nil, err
	}
	entity, err := find(c.words[1], "HostSystem")
	if err != nil {
		return nil, err
	}
	host := entity.(*simulator.HostSystem)
	remove(&hostOf(vm).Vm, vm.Self)
	host.Vm = append(host.Vm, vm.Self)
	change(vm, set("runtime.host", host.Self), set("summary.runtime.host", host.Self))
	return nil, nil
}

// moveFolder moves a machine, or a folder with all that is in it, as a server does: it stays the same object.
func moveFolder(c *call) (answer, error) {
	entity, err := find(c.words[0], "VirtualMachine", "Folder")
	if err != nil {
		return nil, err
	}
	target, err := find(c.words[1], "Folder")
	if err != nil {
		return nil, err
	}
	parent, ok := simulator.Map.Get(valueOf(entity.Entity().Parent)).(*simulator.Folder)
	if !ok {
		return nil, fmt.Errorf("%s is in no folder", c.words[0])
	}
	folder := target.(*simulator.Folder)
	remove(&parent.ChildEntity, entity.Reference())
	folder.ChildEntity = append(folder.ChildEntity, entity.Reference())
	change(entity, set("parent", folder.Self))
	return nil, nil
}

func addFolder(c *call) (answer, error) {
	parent, err := find(c.words[0], "Folder")
	if err != nil {
		return nil, err
	}
	return answer{"moref": c.fleet.folder(parent.Reference(), c.words[1]).Value}, nil
}

// addHost adds one with the datastores of its cluster's first host.
func addHost(c *call) (answer, error) {
	entity, err := find(c.words[0], "ClusterComputeResource")
	if err != nil {
		return nil, err
	}
	cluster := object.NewClusterComputeResource(c.fleet.client, entity.Reference())
	task, err := cluster.AddHost(context.Background(), types.HostConnectSpec{HostName: c.words[1]}, true, nil, nil)
	if err != nil {
		return nil, err
	}
	info, err := task.WaitForResult(context.Background(), nil)
	if err != nil {
		return nil, err
	}
	host := simulator.Map.Get(info.Result.(reference)).(*simulator.HostSystem)
	first := simulator.Map.Get(siblings(host)[0]).(*simulator.HostSystem)
	host.Datastore = first.Datastore
	simulator.Map.Put(host) // once more: the simulator told the views of it before it was in its cluster
	return answer{"moref": host.Self.Value}, nil
}

// changeGuest: unlike the simulator's ReconfigVM, of which no update tells.
func changeGuest(c *call) (answer, error) {
	vm, err := machine(c.words[0])
	if err != nil || vm.Config == nil {
		return nil, err
	}
	name := c.words[1]
	for _, g := range guests {
		if g.id == name {
			name = g.name
			break
		}
	}
	change(vm, set("config.guestId", c.words[1]), set("config.guestFullName", name),
		set("summary.config.guestId", c.words[1]), set("summary.config.guestFullName", name))
	return nil, nil
}

func takeSnapshot(c *call) (answer, error) {
	vm, err := machine(c.words[0])
	if err != nil {
		return nil, err
	}
	made := snapshots(vm, "by hand")
	change(vm, set("snapshot.rootSnapshotList", made.RootSnapshotList), set("snapshot.currentSnapshot", *made.CurrentSnapshot))
	return nil, nil
}

func setAttribute(c *call) (answer, error) {
	vm, err := machine(c.words[0])
	if err != nil {
		return nil, err
	}
	key := c.fleet.field(c.words[1])
	values := []types.BaseCustomFieldValue{}
	for _, value := range vm.CustomValue {
		if value.GetCustomFieldValue().Key != key {
			values = append(values, value)
		}
	}
	values = append(values, &types.CustomFieldStringValue{CustomFieldValue: types.CustomFieldValue{Key: key}, Value: c.words[2]})
	change(vm, set("customValue", values))
	return nil, nil
}

func inaccessible(c *call) (answer, error) {
	vm, err := machine(c.words[0])
	if err != nil {
		return nil, err
	}
	changes := []types.PropertyChange{}
	for _, leaf := range strings.Fields("name uuid instanceUuid template guestId guestFullName version managedBy hardware.numCPU " +
		"hardware.memoryMB hardware.device tools.toolsVersion") {
		changes = append(changes, set("config."+leaf, nil)) // a filter asks for these, and not for the whole
	}
	changes = append(changes, set("config", nil), set("runtime.connectionState", types.VirtualMachineConnectionStateInaccessible))
	change(vm, changes...)
	return nil, nil
}

// ---- hosts

func maintenance(c *call) (answer, error) {
	host, err := find(c.words[0], "HostSystem")
	if err == nil {
		change(host, set("runtime.inMaintenanceMode", c.words[1] == "on"))
	}
	return nil, err
}

func connection(c *call) (answer, error) {
	entity, err := find(c.words[0], "HostSystem", "VirtualMachine")
	if err != nil {
		return nil, err
	}
	if entity.Reference().Type == "HostSystem" {
		change(entity, set("runtime.connectionState", types.HostSystemConnectionState(c.words[1])))
	} else {
		change(entity, set("runtime.connectionState", types.VirtualMachineConnectionState(c.words[1])))
	}
	return nil, nil
}

func names(c *call) (answer, error) {
	list := []string{}
	for _, entity := range all(c.words[0]) {
		list = append(list, entity.Entity().Name)
	}
	return answer{"names": list}, nil
}

// ---- the server

func count(c *call) (answer, error) {
	c.front.Lock()
	defer c.front.Unlock()
	all, methods := 0, map[string]int{}
	for method, n := range c.front.counts {
		all += n
		methods[method] = n
	}
	spent := map[string]int64{}
	for method, time := range c.front.spent {
		spent[method] = time.Milliseconds()
	}
	return answer{"requests": all, "methods": methods, "ms": spent, "sessions": len(sessions()), "machines": len(machines())}, nil
}

func reset(c *call) (answer, error) {
	c.front.Lock()
	defer c.front.Unlock()
	c.front.counts, c.front.spent = map[string]int{}, map[string]time.Duration{}
	return nil, nil
}

func forgetVersions(*call) (answer, error) {
	atomic.AddInt32(&era, 1)
	return nil, nil
}

func restart(c *call) (answer, error) {
	n := expireSessions()
	c.front.server.CloseClientConnections()
	return answer{"sessions": n}, nil
}

func cut(c *call) (answer, error) {
	after := 1
	if len(c.words) > 1 {
		var err error
		if after, err = strconv.Atoi(c.words[1]); err != nil {
			return nil, err
		}
	}
	c.front.Lock()
	defer c.front.Unlock()
	c.front.cut, c.front.after = c.words[0], after
	return nil, nil
}

func setFault(c *call) (answer, error) {
	text := ""
	if len(c.words) > 2 {
		text = c.words[2]
	}
	c.front.Lock()
	defer c.front.Unlock()
	c.front.faults[c.words[0]] = fault{c.words[1], text}
	return nil, nil
}

func deny(c *call) (answer, error) {
	switch {
	case c.words[0] == "object" && len(c.words) == 2:
		access.hide(c.words[1])
	case len(c.words) == 1 && strings.Contains(" view read propagate group ", " "+c.words[0]+" "):
		access.deny(c.words[0])
	default:
		return nil, fmt.Errorf("usage: deny %s", commands["deny"].usage)
	}
	return nil, nil
}

func allow(c *call) (answer, error) {
	access.allow()
	c.front.Lock()
	defer c.front.Unlock()
	c.front.faults, c.front.cut = map[string]fault{}, ""
	return nil, nil
}

func help(*call) (answer, error) {
	list := []string{}
	for name, one := range commands {
		list = append(list, strings.TrimSpace(name+" "+one.usage))
	}
	sort.Strings(list)
	return answer{"commands": list}, nil
}
