package main

import "github.com/vmware/govmomi/vim25/types"

// What the fleet is made of. Builds, versions and editions are from memory: they vary a test, and prove nothing.

type guest struct {
	id, name, hardware string // as configured
	toolsID, toolsName string // as the tools report it; "": they run nowhere
	family             string
}

const windows, linux, other = "windowsGuest", "linuxGuest", "otherGuestFamily"

var guests = []guest{
	{"windows9Server64Guest", "Microsoft Windows Server 2016 (64-bit)", "vmx-13", "windows9Server64Guest", "Microsoft Windows Server 2016 (64-bit)", windows},
	{"windows8Server64Guest", "Microsoft Windows Server 2012 (64-bit)", "vmx-10", "windows8Server64Guest", "Microsoft Windows Server 2012 (64-bit)", windows},
	{"windows7Server64Guest", "Microsoft Windows Server 2008 R2 (64-bit)", "vmx-08", "windows8Server64Guest", "Microsoft Windows Server 2012 (64-bit)", windows},
	{"winLonghorn64Guest", "Microsoft Windows Server 2008 (64-bit)", "vmx-07", "", "", windows},
	{"centos7_64Guest", "CentOS 7 (64-bit)", "vmx-13", "centos7_64Guest", "CentOS 7 (64-bit)", linux},
	{"otherLinux64Guest", "Other Linux (64-bit)", "vmx-11", "debian10_64Guest", "Debian GNU/Linux 10 (64-bit)", linux},
	{"windows9_64Guest", "Microsoft Windows 10 (64-bit)", "vmx-13", "windows9_64Guest", "Microsoft Windows 10 (64-bit)", windows},
	{"windows7_64Guest", "Microsoft Windows 7 (64-bit)", "vmx-09", "windows7_64Guest", "Microsoft Windows 7 (64-bit)", windows},
	{"ubuntu64Guest", "Ubuntu Linux (64-bit)", "vmx-13", "ubuntu64Guest", "Ubuntu Linux (64-bit)", linux},
	{"rhel6_64Guest", "Red Hat Enterprise Linux 6 (64-bit)", "vmx-09", "", "", linux},
	{"sles12_64Guest", "SUSE Linux Enterprise 12 (64-bit)", "vmx-11", "sles12_64Guest", "SUSE Linux Enterprise 12 (64-bit)", linux},
	{"winNetStandard64Guest", "Microsoft Windows Server 2003 Standard (64-bit)", "vmx-04", "", "", windows},
	{"windows2019srv_64Guest", "Microsoft Windows Server 2019 (64-bit)", "vmx-14", "windows2019srv_64Guest", "Microsoft Windows Server 2019 (64-bit)", windows},
	{"windows9Server64Guest", "Microsoft Windows Server 2016 or later (64-bit)", "vmx-14", "windows2019srv_64Guest", "Microsoft Windows Server 2019 (64-bit)", windows},
	{"freebsd64Guest", "FreeBSD (64-bit)", "vmx-10", "", "", other},
	{"solaris11_64Guest", "Oracle Solaris 11 (64-bit)", "vmx-10", "", "", other},
	{"vmkernel65Guest", "VMware ESXi 6.5 or later", "vmx-13", "", "", other},
	{"windows8_64Guest", "Microsoft Windows 8.x (64-bit)", "vmx-10", "windows8_64Guest", "Microsoft Windows 8.x (64-bit)", windows},
	{"oracleLinux7_64Guest", "Oracle Linux 7 (64-bit)", "vmx-13", "oracleLinux7_64Guest", "Oracle Linux 7 (64-bit)", linux},
	{"winXPProGuest", "Microsoft Windows XP Professional (32-bit)", "vmx-04", "", "", windows},
	{"otherGuest", "Other (32-bit)", "vmx-13", "", "", other},
}

type release struct{ version, build, api string }

var releases = []release{
	{"6.5.0", "5969303", "6.5"}, {"6.0.0", "5050593", "6.0"}, {"5.5.0", "3248547", "5.5"},
	{"6.7.0", "8169922", "6.7"}, {"5.1.0", "1065491", "5.1"}, {"7.0.0", "15843807", "7.0.0.0"},
}

type edition struct{ key, name string }

var editions = []edition{
	{"esxEnterprisePlus", "VMware vSphere 6 Enterprise Plus"}, {"esxStandard", "VMware vSphere 6 Standard"},
	{"esxBasic", "VMware vSphere 6 Hypervisor"}, {"eval", "Evaluation Mode"},
}

var centre = edition{"vc.standard.instance", "VMware vCenter Server 6 Standard"}

type store struct {
	kind   string
	shared bool
}

var stores = []store{{"VMFS", true}, {"NFS", true}, {"vsan", true}, {"VMFS", false}}

// Disks that a backup of the machine's image leaves out, and others that look like them.
type disk struct {
	mode, rdm, sharing string
	bus                types.VirtualSCSISharing
}

var disks = []disk{
	{mode: "persistent"}, {mode: "independent_persistent"}, {mode: "persistent", rdm: "physicalMode"},
	{mode: "persistent", rdm: "virtualMode"}, {mode: "persistent", sharing: "sharingMultiWriter"},
	{mode: "independent_nonpersistent"}, {mode: "persistent", bus: types.VirtualSCSISharingPhysicalSharing},
	{mode: "persistent", bus: types.VirtualSCSISharingVirtualSharing}, {mode: "persistent", sharing: "sharingNone"},
}

// Folders of each datacenter for its machines; the API writes / in a name as %2f.
var folders = []string{"", "Prod", "Prod>web", "Test%2fDev", "vCLS"}

// Custom attributes of machines.
var attributes = []struct{ name, value string }{
	{"Backup", "daily"}, {"Backup", "none"}, {"Owner", "finance"}, {"Owner", "Å. Ödegård"},
}
