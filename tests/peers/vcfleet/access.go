package main

import (
	"sync"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// access is what the account may see, as the commands deny and allow have it.
var access = &rights{lacking: map[string]bool{}, hidden: map[string]bool{}}

type rights struct {
	sync.Mutex
	lacking map[string]bool // view, read, propagate, group
	hidden  map[string]bool // names of objects that cannot be read
	root    reference
}

func (a *rights) takePart(f *fleet) {
	content := f.content()
	a.root = content.RootFolder
	if content.AuthorizationManager != nil {
		if theirs, ok := simulator.Map.Get(*content.AuthorizationManager).(*simulator.AuthorizationManager); ok {
			simulator.Map.Put(&AuthorizationManager{*theirs})
		}
	}
	licences := simulator.Map.Get(*content.LicenseManager).(*simulator.LicenseManager)
	if licences.LicenseAssignmentManager != nil {
		ours := &LicenseAssignmentManager{}
		ours.Self = *licences.LicenseAssignmentManager
		simulator.Map.Put(ours)
	} else if !flags.plain {
		licences.Licenses = []types.LicenseManagerLicenseInfo{info(editions[0], "host")}
	}
}

func (a *rights) deny(what string) {
	a.Lock()
	defer a.Unlock()
	a.lacking[what] = true
}

func (a *rights) hide(name string) {
	a.Lock()
	defer a.Unlock()
	a.hidden[name] = true
}

func (a *rights) allow() {
	a.Lock()
	defer a.Unlock()
	a.lacking, a.hidden = map[string]bool{}, map[string]bool{}
}

// sees: an entity is not there for who lacks the right to view it; only the root is, where rights do not propagate.
func (a *rights) sees(ref reference) (seen, readable bool) {
	entity, ok := simulator.Map.Get(ref).(mo.Entity)
	if !ok {
		return true, true
	}
	a.Lock()
	defer a.Unlock()
	beneath := ref != a.root
	seen = !a.lacking["view"] && !(beneath && (a.lacking["propagate"] || a.lacking["group"]))
	return seen, !a.lacking["read"] && !a.hidden[entity.Entity().Name]
}

func missing(ref reference, path string) types.MissingProperty {
	return types.MissingProperty{Path: path, Fault: types.LocalizedMethodFault{
		Fault: &types.NoPermission{Object: ref, PrivilegeId: "System.Read"}}}
}

func (a *rights) objects(all []types.ObjectContent) []types.ObjectContent {
	kept := all[:0]
	for _, object := range all {
		seen, readable := a.sees(object.Obj)
		if !seen {
			continue
		}
		if !readable {
			for _, property := range object.PropSet {
				object.MissingSet = append(object.MissingSet, missing(object.Obj, property.Name))
			}
			object.PropSet = nil
		}
		kept = append(kept, object)
	}
	return kept
}

func (a *rights) update(object types.ObjectUpdate) (types.ObjectUpdate, bool) {
	seen, readable := a.sees(object.Obj)
	if !readable {
		for _, change := range object.ChangeSet {
			object.MissingSet = append(object.MissingSet, missing(object.Obj, change.Name))
		}
		object.ChangeSet = nil
	}
	return object, seen
}

// ---- what the API tells of rights

type AuthorizationManager struct {
	simulator.AuthorizationManager
}

func (m *AuthorizationManager) HasPrivilegeOnEntity(req *types.HasPrivilegeOnEntity) soap.HasFault {
	access.Lock()
	defer access.Unlock()
	beneath := req.Entity != access.root && (access.lacking["propagate"] || access.lacking["group"])
	granted := make([]bool, len(req.PrivId))
	for i, privilege := range req.PrivId {
		lacks := (privilege == "System.View" && access.lacking["view"]) || (privilege == "System.Read" && access.lacking["read"])
		granted[i] = !lacks && !beneath
	}
	return &privilegeBody{Res: &HasPrivilegeOnEntityResponse{Returnval: granted}}
}

// HasPrivilegeOnEntityResponse is the library's but for its tag: with omitempty, Go leaves out each false of a list.
type HasPrivilegeOnEntityResponse struct {
	Returnval []bool `xml:"returnval"`
}

type privilegeBody struct {
	Res *HasPrivilegeOnEntityResponse
}

func (*privilegeBody) Fault() *soap.Fault { return nil }

// The root has a permission of the account's own, unless the account is to have its rights by a group.
func (m *AuthorizationManager) RetrieveEntityPermissions(req *types.RetrieveEntityPermissions) soap.HasFault {
	res := m.AuthorizationManager.RetrieveEntityPermissions(req)
	access.Lock()
	defer access.Unlock()
	if req.Entity != access.root {
		return res
	}
	body := res.(*methods.RetrieveEntityPermissionsBody)
	permissions := append([]types.Permission{}, body.Res.Returnval...)
	if access.lacking["group"] {
		permissions[0].Propagate = false
	} else {
		permissions = append(permissions, types.Permission{Entity: &access.root, Principal: flags.username, RoleId: -2,
			Propagate: !access.lacking["propagate"]})
	}
	body.Res.Returnval = permissions
	return res
}

// ---- licences

type LicenseAssignmentManager struct {
	mo.LicenseAssignmentManager
}

func info(e edition, unit string) types.LicenseManagerLicenseInfo {
	return types.LicenseManagerLicenseInfo{LicenseKey: "00000-11111-22222-33333-44444", EditionKey: e.key, Name: e.name,
		Total: 100, Used: 1, CostUnit: unit}
}

// QueryAssignedLicenses tells of one entity, or of all of them.
func (m *LicenseAssignmentManager) QueryAssignedLicenses(req *types.QueryAssignedLicenses) soap.HasFault {
	res := &types.QueryAssignedLicensesResponse{}
	tell := func(entity, name string, e edition, unit string) {
		if req.EntityId == "" || req.EntityId == entity {
			res.Returnval = append(res.Returnval, types.LicenseAssignmentManagerLicenseAssignment{
				EntityId: entity, EntityDisplayName: name, AssignedLicense: info(e, unit)})
		}
	}
	tell(simulator.Map.Get(vim25.ServiceInstance).(*simulator.ServiceInstance).Content.About.InstanceUuid, "vcenter", centre, "server")
	for i, host := range all("HostSystem") {
		tell(host.Reference().Value, host.Entity().Name, editions[i%len(editions)], "cpuPackage")
	}
	return &methods.QueryAssignedLicensesBody{Res: res}
}
