package main

import (
	"context"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

type reference = types.ManagedObjectReference

// fleet is what the simulator made, varied by number in the order of creation, so that it is the same each time.
type fleet struct {
	client *vim25.Client
	made   int              // machines, for what varies from one to the next
	fields map[string]int32 // custom attributes by name
}

func newFleet(m *simulator.Model) *fleet {
	client, err := vim25.NewClient(context.Background(), m.Service)
	if err != nil {
		fail("the simulator does not answer: %v", err)
	}
	f := &fleet{client: client, fields: map[string]int32{}}
	if !flags.plain {
		f.varySurroundings()
	}
	f.copyMachines()
	return f
}

func (f *fleet) content() *types.ServiceContent {
	return &simulator.Map.Get(vim25.ServiceInstance).(*simulator.ServiceInstance).Content
}

// all objects of a type, in the order in which they were made.
func all(kind string) []mo.Entity {
	entities := simulator.Map.All(kind)
	sort.Slice(entities, func(i, j int) bool {
		a, b := number(entities[i]), number(entities[j])
		return a < b || (a == b && entities[i].Entity().Name < entities[j].Entity().Name)
	})
	return entities
}

func number(entity mo.Entity) int {
	value := entity.Reference().Value
	n, _ := strconv.Atoi(value[strings.LastIndex(value, "-")+1:])
	return n
}

func machines() []*simulator.VirtualMachine {
	var list []*simulator.VirtualMachine
	for _, entity := range all("VirtualMachine") {
		list = append(list, entity.(*simulator.VirtualMachine))
	}
	return list
}

// id is a UUID that is the same in each run with the same seed.
func id(words ...string) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(flags.seed+"/"+strings.Join(words, "/"))).String()
}

// ---- what stands around the machines

func (f *fleet) varySurroundings() {
	f.content().About.InstanceUuid = id("vcenter")
	for i, entity := range all("HostSystem") {
		varyHost(entity.(*simulator.HostSystem), i)
	}
	for i, entity := range all("Datastore") {
		varyStore(entity.(*simulator.Datastore), i)
	}
	for i, entity := range all("ClusterComputeResource") {
		cluster := entity.(*simulator.ClusterComputeResource)
		cluster.Configuration.DasConfig.Enabled = types.NewBool(i%2 == 0)
		cluster.Configuration.DrsConfig.Enabled = types.NewBool(i%3 != 1)
	}
	if flags.esx {
		return
	}
	f.addFolders()
	for _, attribute := range attributes {
		f.field(attribute.name)
	}
}

func varyHost(host *simulator.HostSystem, i int) {
	r := releases[i%len(releases)]
	product := *host.Summary.Config.Product
	product.Version, product.Build, product.ApiVersion = r.version, r.build, r.api
	product.FullName = fmt.Sprintf("VMware ESXi %s build-%s", r.version, r.build)
	host.Summary.Config.Product = &product
	host.Config.Product = product
	host.Summary.Hardware.Uuid = id("host", host.Name)
	host.Runtime.ConnectionState = types.HostSystemConnectionStateConnected
	host.Runtime.InMaintenanceMode = i%7 == 5
	if network := host.Config.Network; network != nil && len(network.Vnic) > 0 {
		network.Vnic[0].Spec.Ip.IpAddress = fmt.Sprintf("192.0.2.%d", 10+i%200)
	}
}

func varyStore(store *simulator.Datastore, i int) {
	s := stores[i%len(stores)]
	store.Summary.Type = s.kind
	store.Summary.MultipleHostAccess = types.NewBool(s.shared)
	store.Summary.Capacity = int64(i+1) << 40
	info := *store.Info.GetDatastoreInfo()
	switch s.kind {
	case "VMFS":
		store.Info = &types.VmfsDatastoreInfo{DatastoreInfo: info, Vmfs: &types.HostVmfsVolume{
			HostFileSystemVolume: types.HostFileSystemVolume{Name: info.Name, Type: s.kind}, Local: types.NewBool(!s.shared)}}
	case "NFS":
		store.Info = &types.NasDatastoreInfo{DatastoreInfo: info, Nas: &types.HostNasVolume{
			HostFileSystemVolume: types.HostFileSystemVolume{Name: info.Name, Type: s.kind},
			RemoteHost:           "nas.example.net", RemotePath: "/export/" + info.Name}}
	}
}

func (f *fleet) addFolders() {
	for _, entity := range all("Datacenter") {
		for _, path := range folders[1:] {
			at := entity.(*simulator.Datacenter).VmFolder
			for _, name := range strings.Split(path, ">") {
				at = f.folder(at, name)
			}
		}
	}
}

// folder finds or makes a folder in another one.
func (f *fleet) folder(parent reference, name string) reference {
	children := simulator.Map.Get(parent).(*simulator.Folder).ChildEntity
	if found := simulator.Map.FindByName(name, children); found != nil {
		return found.Reference()
	}
	made, err := object.NewFolder(f.client, parent).CreateFolder(context.Background(), name)
	if err != nil {
		fail("no folder %s: %v", name, err)
	}
	return made.Reference()
}

// field finds or makes a custom attribute of machines, and returns its number.
func (f *fleet) field(name string) int32 {
	if key, ok := f.fields[name]; ok {
		return key
	}
	res, err := methods.AddCustomFieldDef(context.Background(), f.client, &types.AddCustomFieldDef{
		This: *f.content().CustomFieldsManager, Name: name, MoType: "VirtualMachine"})
	if err != nil {
		fail("no custom attribute %s: %v", name, err)
	}
	f.fields[name] = res.Returnval.Key
	return res.Returnval.Key
}
