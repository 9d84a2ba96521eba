#!/usr/bin/python3
"""What the plugin says of each object, beside what somebody else's client reads of the same server.

usage: test_items_beside_pyvmomi.py VCFLEET MUSTER-PLUGIN-HOST PLUGIN.so
"""

import ipaddress
import json
import os
import ssl
import subprocess
import sys
import tempfile
import unittest

VCFLEET, HOST, PLUGIN = sys.argv[1:4]
del sys.argv[1:4]
REQUIRED = os.environ.get("CI") == "true" or os.environ.get("MUSTER_PEERS") == "required"

try:
    from pyVim.connect import SmartConnect
    from pyVmomi import vim
except ImportError:
    print("no pyVmomi: python3-pyvmomi is not installed", file=sys.stderr)
    sys.exit(1 if REQUIRED else 77)
if not os.access(VCFLEET, os.X_OK):
    print("no vCenter simulator: Go or govmomi's library is not installed", file=sys.stderr)
    sys.exit(1 if REQUIRED else 77)

STATES = {"poweredOn": "running", "poweredOff": "off", "suspended": "saved"}


class Fleet:
    def __init__(self, *options):
        self.child = subprocess.Popen([VCFLEET, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.facts = json.loads(self.child.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.stdin.close()
        self.child.wait(60)
        self.child.stdout.close()

    def tell(self, *words):
        self.child.stdin.write("\t".join(words) + "\n")
        self.child.stdin.flush()
        answer = json.loads(self.child.stdout.readline())
        if not answer.get("ok"):
            raise AssertionError(answer["error"])

    def scan(self):
        """The items by kind and key, and how complete they are."""
        with tempfile.TemporaryDirectory() as folder:
            secret = os.path.join(folder, "password")
            with open(secret, "w", opener=lambda path, flags: os.open(path, flags, 0o600), encoding="utf-8") as out:
                out.write(self.facts["password"])
            done = subprocess.run(
                [HOST, "--once", PLUGIN, "url=" + self.facts["url"], "username=" + self.facts["username"],
                 "fingerprint=" + self.facts["fingerprint"], "password_file=" + secret],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=300, check=False)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return {(one["kind"], one["key"]): one for one in lines if "kind" in one}, lines[-1]["end"]["completeness"]

    def objects(self, kind):
        trust = ssl.create_default_context(cafile=self.facts["ca_file"])
        port = int(self.facts["url"].rsplit(":", 1)[1])
        content = SmartConnect(host="127.0.0.1", port=port, user=self.facts["username"], pwd=self.facts["password"],
                               sslContext=trust).RetrieveContent()
        manager = content.customFieldsManager  # a host by itself has none
        fields = {one.key: one.name for one in manager.field} if manager else {}
        view = content.viewManager.CreateContainerView(content.rootFolder, [kind], True)
        return list(view.view), content.rootFolder, fields


def plain(name):
    return name.replace("%2f", "/").replace("%5c", "\\").replace("%25", "%")


def vapp_of(thing):
    if thing.parentVApp is not None:
        return thing.parentVApp
    pool = thing.resourcePool if isinstance(thing, vim.VirtualMachine) else None
    return pool if isinstance(pool, vim.VirtualApp) else None


def path_of(thing, root):
    """As people write it: from the root without its own name, a machine in a vApp through the vApp."""
    parts = []
    while thing._moId != root._moId:
        parts.append(thing.name.replace("%5c", "\\").replace("%25", "%"))
        above = vapp_of(thing) if isinstance(thing, (vim.VirtualMachine, vim.VirtualApp)) else None
        thing = above or (thing.parentFolder if isinstance(thing, vim.VirtualApp) else thing.parent)
    return "/" + "/".join(reversed(parts))


def datacenter_of(thing):
    while not isinstance(thing, vim.Datacenter):
        thing = thing.parent
    return thing.name


def addresses(guest):
    found = {address for nic in guest.net for address in nic.ipAddress} | ({guest.ipAddress} - {None, ""})
    parsed = [ipaddress.ip_address(one) for one in found]
    return sorted(str(one) for one in parsed if not (one.is_loopback or one.is_link_local or one.is_unspecified))


def guest_of(machine):
    """The attributes guest.*; None where they were not read."""
    guest = machine.guest
    told = guest.guestId or guest.guestFullName or guest.hostName or guest.ipAddress or guest.net
    if machine.runtime.connectionState != "connected" or not told:
        return None
    facts = {"guest.id": guest.guestId, "guest.name": guest.guestFullName,
             "guest.fqdn": guest.hostName and guest.hostName.lower(),
             "guest.family": {"windowsGuest": "windows", "linuxGuest": "linux"}.get(guest.guestFamily, "other")}
    if guest.guestId:
        narrow = guest.guestId.startswith("win") and "HyperV" not in guest.guestId
        facts["guest.arch"] = "x64" if guest.guestId.endswith("64Guest") else "x86" if narrow else None
    if guest.net or guest.ipAddress:
        facts["guest.addresses"] = addresses(guest)
    return {name: value for name, value in facts.items() if value}


def bottom(disk):
    """The disk's own file, and the datastores of all files that it stands on."""
    backing, stores = disk.backing, {disk.backing.datastore}
    name = backing.fileName
    while getattr(backing, "parent", None) is not None:
        backing = backing.parent
        stores.add(backing.datastore)
        if backing.fileName.rsplit("/", 1)[0] == name.rsplit("/", 1)[0]:
            name = backing.fileName
    return name, stores


def disks_of(machine):
    devices = machine.config.hardware.device
    shared = {one.key for one in devices
              if isinstance(one, vim.vm.device.VirtualSCSIController) and one.sharedBus != "noSharing"}
    lists = {"vm.disks": [], "vm.independent_disks": [], "vm.physical_rdm_disks": [], "vm.shared_disks": []}
    stores = set()
    for disk in (one for one in devices if isinstance(one, vim.vm.device.VirtualDisk)):
        name, own = bottom(disk)
        stores |= own
        lists["vm.disks"].append(name)
        if getattr(disk.backing, "compatibilityMode", None) == "physicalMode":
            lists["vm.physical_rdm_disks"].append(name)
        elif disk.backing.diskMode.startswith("independent"):
            lists["vm.independent_disks"].append(name)
        if getattr(disk.backing, "sharing", None) == "sharingMultiWriter" or disk.controllerKey in shared:
            lists["vm.shared_disks"].append(name)
    if None in stores or not stores:
        stores = set(machine.datastore)
    return lists, stores


def snapshots(trees):
    return sum(1 + snapshots(tree.childSnapshotList) for tree in trees)


def is_placeholder(machine):
    managed = machine.config.managedBy
    key = managed.extensionKey if managed else ""
    return (machine.name.startswith("vCLS") or key.startswith(("com.vmware.vim.eam", "com.vmware.vcHms")) or
            (key.startswith("com.vmware.vcDr") and managed.type == "placeholderVm"))


def machine_facts(machine, root, fields):
    config, path = machine.config, path_of(machine, root)
    lists, stores = disks_of(machine)
    vapp = vapp_of(machine)
    cards = {one.macAddress.lower() for one in config.hardware.device
             if isinstance(one, vim.vm.device.VirtualEthernetCard)}
    facts = {
        "id.name": plain(machine.name), "id.moref": machine._moId, "id.uuid": config.uuid.lower(),
        "id.instance_uuid": config.instanceUuid.lower(),
        "id.mac_addresses": sorted(cards | {nic.macAddress.lower() for nic in machine.guest.net if nic.macAddress}),
        "hardware.cpu_count": config.hardware.numCPU, "hardware.memory": config.hardware.memoryMB * 1024 * 1024,
        "vm.state": STATES[machine.runtime.powerState], "vm.connection_state": machine.runtime.connectionState,
        "vm.template": config.template, "vm.placeholder": is_placeholder(machine),
        "vm.configured_guest_id": config.guestId, "vm.configured_guest_name": config.guestFullName,
        "vm.configuration_version": config.version, "vm.tools_status": machine.guest.toolsStatus,
        "vm.snapshots": snapshots(machine.snapshot.rootSnapshotList) if machine.snapshot else 0,
        "vm.custom_attributes": sorted(f"{fields[one.key]}={one.value}" for one in machine.customValue),
        "vm.datacenter": datacenter_of(machine.runtime.host), "vm.folder": path.rsplit("/", 1)[0] or "/",
        "vm.vapp": path_of(vapp, root) if vapp else "",
        "vm.datastore_types": sorted({store.summary.type for store in stores}), **lists}
    if config.tools and config.tools.toolsVersion:
        facts["vm.integration_version"] = str(config.tools.toolsVersion)
    links = {("runs_on", "esxi_host", machine.runtime.host.name.lower())}
    links |= {("stored_on", "datastore", store._moId) for store in stores}
    if isinstance(machine.runtime.host.parent, vim.ClusterComputeResource):
        links.add(("may_run_on", "cluster", machine.runtime.host.parent._moId))
    if vapp:
        links.add(("member_of", "vapp", vapp._moId))
    return facts, links


def host_facts(host):
    product, hardware = host.summary.config.product, host.summary.hardware
    found = [card.spec.ip.ipAddress for card in host.config.network.vnic]
    return {"id.name": plain(host.name), "id.moref": host._moId, "id.uuid": hardware.uuid.lower(),
            "hardware.manufacturer": hardware.vendor, "hardware.model": hardware.model,
            "hardware.cpu_count": hardware.numCpuThreads, "hardware.memory": hardware.memorySize,
            "id.addresses": sorted(one for one in found if not ipaddress.ip_address(one).is_loopback),
            "vsphere.product": product.fullName, "vsphere.version": product.version, "vsphere.build": product.build,
            "vsphere.api_version": product.apiVersion, "vsphere.connection_state": host.runtime.connectionState,
            "vsphere.maintenance": host.runtime.inMaintenanceMode}


def links_of(item):
    return {(one["relation"], one["kind"], one["key"]) for one in item.get("links", [])}


class Items(unittest.TestCase):
    maxDiff = None

    def check_machines(self, fleet, items):
        machines, root, fields = fleet.objects(vim.VirtualMachine)
        self.assertEqual(sum(kind == "vm" for kind, _ in items), len(machines))
        for machine in machines:
            with self.subTest(machine.name):
                item = items["vm", machine.config.instanceUuid.lower()]
                facts, links = machine_facts(machine, root, fields)
                guest = guest_of(machine)
                self.assertEqual(guest is None, "guest." in [one["attributes"] for one in item.get("unread", [])])
                self.assertEqual(item["attributes"], {**facts, **(guest or {})})
                self.assertEqual(links_of(item), links)

    def check_places(self, fleet, items):
        for kind, word, facts in ((vim.HostSystem, "esxi_host", host_facts),
                                  (vim.Datastore, "datastore", lambda one: {
                                      "id.name": plain(one.name), "datastore.type": one.summary.type,
                                      "datastore.capacity": one.summary.capacity}),
                                  (vim.ClusterComputeResource, "cluster", lambda one: {
                                      "cluster.ha": one.configuration.dasConfig.enabled,
                                      "cluster.drs": one.configuration.drsConfig.enabled}),
                                  (vim.VirtualApp, "vapp", lambda one: {"id.name": plain(one.name)})):
            things = fleet.objects(kind)[0]
            self.assertEqual(sum(one == word for one, _ in items), len(things))
            for thing in things:
                key = thing.name.lower() if word == "esxi_host" else thing._moId
                attributes = items[word, key]["attributes"]
                wanted = facts(thing)
                self.assertEqual({name: attributes.get(name) for name in wanted}, wanted)

    def test_all_objects_are_told_as_somebody_else_reads_them(self):
        with Fleet("-dc", "2", "-cluster", "2", "-host", "3", "-vm", "6", "-app", "1") as fleet:
            fleet.tell("power-off", "DC0_H0_VM0")
            fleet.tell("snapshot", "DC0_C0_RP0_VM0")
            fleet.tell("connection", "DC0_C0_RP0_VM1", "disconnected")
            fleet.tell("attribute", "DC0_C0_RP0_VM2", "Owner", "<Ann & Bob>")
            fleet.tell("rename", "DC0_C0_RP0_VM3", "50% of a\\b/c")
            items, completeness = fleet.scan()
            self.assertEqual(completeness, "complete")
            self.check_machines(fleet, items)
            self.check_places(fleet, items)

    def test_a_host_that_answers_for_itself_is_told_alike(self):
        with Fleet("-esx", "-vm", "5") as fleet:
            items, completeness = fleet.scan()
            self.assertEqual(completeness, "complete")
            self.check_machines(fleet, items)
            self.check_places(fleet, items)
            hosts = [item["attributes"] for (kind, _), item in items.items() if kind == "esxi_host"]
            self.assertEqual([one["vsphere.api_type"] for one in hosts], ["HostAgent"])


if __name__ == "__main__":
    unittest.main(warnings="ignore")  # pyVmomi leaves sockets to the collector
