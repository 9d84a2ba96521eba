package main

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// copyMachines makes the simulator's one machine of each cluster, vApp and stand-alone host many: making them by its
// own API takes time that grows with the square of their number, and a folder for each.
func (f *fleet) copyMachines() {
	for _, first := range machines() {
		prefix := strings.TrimSuffix(first.Name, "0")
		for i := 1; i < flags.machines; i++ {
			f.add(first, fmt.Sprintf("%s%d", prefix, i))
		}
		if !flags.plain {
			f.vary(first, f.made)
		}
		f.made++
	}
}

// add makes a machine like another one, where that one is: on the next host, in the next folder, on the next datastore.
func (f *fleet) add(like *simulator.VirtualMachine, name string) *simulator.VirtualMachine {
	n := f.made
	f.made++
	vm := duplicate(like, name)
	simulator.Map.NewEntity(vm)
	vm.Summary.Vm = &vm.Self
	place(vm, n)
	if !flags.plain {
		f.vary(vm, n)
	}
	parent, _ := simulator.Map.Get(valueOf(vm.Parent)).(*simulator.Folder)
	if parent == nil {
		simulator.Map.Put(vm)
		return vm
	}
	// a view looks for a new object beneath its folder
	parent.ChildEntity = append(parent.ChildEntity, vm.Self)
	simulator.Map.PutEntity(parent, vm)
	return vm
}

func valueOf(ref *reference) reference {
	if ref == nil {
		return reference{}
	}
	return *ref
}

func duplicate(like *simulator.VirtualMachine, name string) *simulator.VirtualMachine {
	vm := &simulator.VirtualMachine{VirtualMachine: like.VirtualMachine}
	config, guest, summary := *like.Config, *like.Guest, *like.Summary.Guest
	vm.Config, vm.Guest, vm.Summary.Guest = &config, &guest, &summary
	vm.Name, config.Name, vm.Summary.Config.Name = name, name, name
	config.Uuid, config.InstanceUuid = id("bios", name), id("instance", name)
	vm.Summary.Config.Uuid, vm.Summary.Config.InstanceUuid = config.Uuid, config.InstanceUuid
	vm.Snapshot, vm.CustomValue, vm.Value, vm.Datastore = nil, nil, nil, nil
	vm.ParentVApp = nil
	config.Template, vm.Summary.Config.Template, config.ManagedBy = false, false, nil
	return vm
}

// place puts it on a host of its cluster, on a datastore of that, into a folder; one in a vApp has the vApp for a
// parent instead, as the API's reference says (the simulator's own have the folder all the same).
func place(vm *simulator.VirtualMachine, n int) {
	host := simulator.Map.Get(*vm.Runtime.Host).(*simulator.HostSystem)
	hosts := siblings(host)
	host = simulator.Map.Get(hosts[n%len(hosts)]).(*simulator.HostSystem)
	vm.Runtime.Host, vm.Summary.Runtime.Host = &host.Self, &host.Self
	host.Vm = append(host.Vm, vm.Self)

	store := simulator.Map.Get(host.Datastore[n%len(host.Datastore)]).(*simulator.Datastore)
	vm.Datastore = []reference{store.Self}
	store.Vm = append(store.Vm, vm.Self)
	vm.Config.Files.VmPathName = fmt.Sprintf("[%s] %s/%s.vmx", store.Name, vm.Name, vm.Name)
	vm.Summary.Config.VmPathName = vm.Config.Files.VmPathName

	switch pool := simulator.Map.Get(*vm.ResourcePool).(type) {
	case *simulator.ResourcePool:
		pool.Vm = append(pool.Vm, vm.Self)
	case *simulator.VirtualApp:
		pool.Vm = append(pool.Vm, vm.Self)
		if !flags.plain {
			vm.ParentVApp, vm.Parent = &pool.Self, nil
		}
	}
	if vm.Parent != nil && !flags.plain && !flags.esx {
		vm.Parent = folderOf(host, folders[n%4])
	}
}

// siblings are the hosts of the same cluster.
func siblings(host *simulator.HostSystem) []reference {
	switch parent := simulator.Map.Get(*host.Parent).(type) {
	case *simulator.ClusterComputeResource:
		return parent.Host
	case *mo.ComputeResource:
		return parent.Host
	}
	return []reference{host.Self}
}

// folderOf finds a folder for machines in the host's datacenter.
func folderOf(host *simulator.HostSystem, path string) *reference {
	var at mo.Entity = host
	for at.Reference().Type != "Datacenter" {
		at = simulator.Map.Get(*at.Entity().Parent).(mo.Entity)
	}
	folder := at.(*simulator.Datacenter).VmFolder
	for _, name := range strings.Split(path, ">") {
		if name != "" {
			children := simulator.Map.Get(folder).(*simulator.Folder).ChildEntity
			folder = simulator.Map.FindByName(name, children).Reference()
		}
	}
	return &folder
}

// ---- what varies

func (f *fleet) vary(vm *simulator.VirtualMachine, n int) {
	g := guests[n%len(guests)]
	vm.Config.Uuid, vm.Config.InstanceUuid = id("bios", vm.Name), id("instance", vm.Name)
	vm.Config.Version = g.hardware
	vm.Config.Hardware.NumCPU, vm.Config.Hardware.MemoryMB = int32(1+n%8), int32(1024*(1+n%16))
	setGuest(vm, g.id, g.name)
	varyPower(vm, n)
	varyTools(vm, g, n)
	varyDevices(vm, n)
	varyRole(vm, n)
	if n%9 == 5 {
		vm.Snapshot = snapshots(vm, "before the update")
	}
	if n%3 == 1 && !flags.esx {
		a := attributes[n%len(attributes)]
		value := &types.CustomFieldStringValue{CustomFieldValue: types.CustomFieldValue{Key: f.fields[a.name]}, Value: a.value}
		vm.CustomValue, vm.Value = []types.BaseCustomFieldValue{value}, []types.BaseCustomFieldValue{value}
	}
}

func setGuest(vm *simulator.VirtualMachine, id, name string) {
	vm.Config.GuestId, vm.Config.GuestFullName = id, name
	vm.Summary.Config.GuestId, vm.Summary.Config.GuestFullName = id, name
}

func setPower(vm *simulator.VirtualMachine, state types.VirtualMachinePowerState) {
	vm.Runtime.PowerState, vm.Summary.Runtime.PowerState = state, state
}

func varyPower(vm *simulator.VirtualMachine, n int) {
	switch {
	case n%20 == 18:
		setPower(vm, types.VirtualMachinePowerStateSuspended)
	case n%5 == 4:
		setPower(vm, types.VirtualMachinePowerStatePoweredOff)
	default:
		setPower(vm, types.VirtualMachinePowerStatePoweredOn)
	}
}

func varyTools(vm *simulator.VirtualMachine, g guest, n int) {
	*vm.Guest = types.GuestInfo{GuestState: "notRunning", ToolsStatus: types.VirtualMachineToolsStatusToolsNotInstalled,
		ToolsRunningStatus: string(types.VirtualMachineToolsRunningStatusGuestToolsNotRunning), ToolsVersion: "0"}
	vm.Config.Tools = &types.ToolsConfigInfo{}
	if g.toolsID == "" {
		return
	}
	vm.Config.Tools.ToolsVersion = int32(10240 + n%64)
	vm.Guest.ToolsVersion = fmt.Sprint(vm.Config.Tools.ToolsVersion)
	vm.Guest.ToolsStatus = types.VirtualMachineToolsStatusToolsNotRunning
	if vm.Runtime.PowerState != types.VirtualMachinePowerStatePoweredOn {
		return
	}
	vm.Guest.ToolsStatus = types.VirtualMachineToolsStatusToolsOk
	vm.Guest.ToolsRunningStatus = string(types.VirtualMachineToolsRunningStatusGuestToolsRunning)
	vm.Guest.GuestState = "running"
	vm.Guest.GuestId, vm.Guest.GuestFullName, vm.Guest.GuestFamily = g.toolsID, g.toolsName, g.family
	vm.Guest.HostName = fmt.Sprintf("Guest-%d.example.net", n)
	vm.Guest.IpAddress = fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255)
	vm.Guest.Net = []types.GuestNicInfo{{Network: "VM Network", Connected: true, DeviceConfigId: 4000, MacAddress: mac(n),
		IpAddress: []string{vm.Guest.IpAddress, fmt.Sprintf("fe80::250:56ff:fe%02x:%x", n>>16&255, n&65535)}}}
	if n%4 == 0 {
		vm.Guest.Net[0].IpAddress = append(vm.Guest.Net[0].IpAddress, fmt.Sprintf("2001:db8::%x", n+1))
	}
}

func mac(n int) string {
	return fmt.Sprintf("00:50:56:%02x:%02x:%02x", n>>16&63, n>>8&255, n&255)
}

// varyRole makes some templates, placeholders of a recovery plan, and the cluster's own machines.
func varyRole(vm *simulator.VirtualMachine, n int) {
	switch {
	case n%50 == 7:
		vm.Config.Template, vm.Summary.Config.Template = true, true
		vm.ResourcePool = nil
		setPower(vm, types.VirtualMachinePowerStatePoweredOff)
	case n%50 == 11:
		vm.Config.ManagedBy = &types.ManagedByInfo{ExtensionKey: "com.vmware.vcDr", Type: "placeholderVm"}
		setPower(vm, types.VirtualMachinePowerStatePoweredOff)
	case n%100 == 17:
		vm.Config.ManagedBy = &types.ManagedByInfo{ExtensionKey: "com.vmware.vim.eam", Type: "cluster-agent"}
		rename(vm, fmt.Sprintf("vCLS (%d)", n))
	}
}

func rename(vm *simulator.VirtualMachine, name string) {
	vm.Name, vm.Config.Name, vm.Summary.Config.Name = name, name, name
}

func snapshots(vm *simulator.VirtualMachine, name string) *types.VirtualMachineSnapshotInfo {
	made := time.Date(2018, 3, 1, 2, 3, 4, 0, time.UTC)
	root := types.VirtualMachineSnapshotTree{Snapshot: reference{Type: "VirtualMachineSnapshot", Value: "snapshot-" + vm.Self.Value},
		Vm: vm.Self, Name: name, Id: 1, CreateTime: made, State: vm.Runtime.PowerState}
	child := root
	child.Name, child.Id, child.Snapshot.Value = "after the update", 2, child.Snapshot.Value+"-2"
	root.ChildSnapshotList = []types.VirtualMachineSnapshotTree{child}
	return &types.VirtualMachineSnapshotInfo{CurrentSnapshot: &child.Snapshot,
		RootSnapshotList: []types.VirtualMachineSnapshotTree{root}}
}

// varyDevices replaces what a machine shares with the one that it is a copy of.
func varyDevices(vm *simulator.VirtualMachine, n int) {
	var d disk
	if n%3 == 0 {
		d = disks[n/3%len(disks)]
	}
	var devices []types.BaseVirtualDevice
	for _, device := range vm.Config.Hardware.Device {
		device = clone(device)
		switch one := device.(type) {
		case *types.VirtualDisk:
			one.CapacityInKB = int64(1+n%64) << 20
			one.Backing = backing(vm, vm.Datastore[0], d, "")
		case *types.ParaVirtualSCSIController:
			if d.bus != "" {
				one.SharedBus = d.bus
			}
		case types.BaseVirtualEthernetCard:
			one.GetVirtualEthernetCard().MacAddress = mac(n)
		}
		devices = append(devices, device)
	}
	vm.Config.Hardware.Device = devices
	if n%7 == 2 && len(siblings(hostOf(vm))) > 0 {
		addDisk(vm, n)
	}
}

func hostOf(vm *simulator.VirtualMachine) *simulator.HostSystem {
	return simulator.Map.Get(*vm.Runtime.Host).(*simulator.HostSystem)
}

// addDisk adds one on another datastore, where there is one.
func addDisk(vm *simulator.VirtualMachine, n int) {
	stores := hostOf(vm).Datastore
	second := stores[(n+1)%len(stores)]
	if second == vm.Datastore[0] {
		return
	}
	for _, device := range vm.Config.Hardware.Device {
		if first, ok := device.(*types.VirtualDisk); ok {
			more := *first
			more.Key, more.Backing = first.Key+1, backing(vm, second, disk{}, "_1")
			vm.Config.Hardware.Device = append(vm.Config.Hardware.Device, &more)
			break
		}
	}
	vm.Datastore = append(vm.Datastore, second)
	store := simulator.Map.Get(second).(*simulator.Datastore)
	store.Vm = append(store.Vm, vm.Self)
}

func clone(device types.BaseVirtualDevice) types.BaseVirtualDevice {
	from := reflect.ValueOf(device).Elem()
	made := reflect.New(from.Type())
	made.Elem().Set(from)
	return made.Interface().(types.BaseVirtualDevice)
}

func backing(vm *simulator.VirtualMachine, at reference, d disk, suffix string) types.BaseVirtualDeviceBackingInfo {
	store := simulator.Map.Get(at).(*simulator.Datastore)
	file := types.VirtualDeviceFileBackingInfo{Datastore: &at,
		FileName: fmt.Sprintf("[%s] %s/%s%s.vmdk", store.Name, vm.Name, vm.Name, suffix)}
	if d.mode == "" {
		d.mode = "persistent"
	}
	if d.rdm != "" {
		return &types.VirtualDiskRawDiskMappingVer1BackingInfo{VirtualDeviceFileBackingInfo: file, DiskMode: d.mode,
			CompatibilityMode: d.rdm, LunUuid: id("lun", vm.Name), DeviceName: "vml." + vm.Name}
	}
	return &types.VirtualDiskFlatVer2BackingInfo{VirtualDeviceFileBackingInfo: file, DiskMode: d.mode, Sharing: d.sharing,
		ThinProvisioned: types.NewBool(true), Uuid: id("disk", vm.Name, suffix)}
}
