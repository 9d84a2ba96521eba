#!/usr/bin/python3
"""usage: test_referee.py VCFLEET HOST PLUGIN [SANITIZERS]
What the plugin says of the simulated vCenter Server, beside what pyVmomi reads of it, object by object."""

import json
import os
import ssl
import subprocess
import sys
import tempfile
import unittest
from urllib.parse import unquote

FLEET, HOST, PLUGIN, *SANITIZERS = sys.argv[1:]
del sys.argv[1:]
REQUIRED = os.environ.get("CI") == "true" or os.environ.get("MUSTER_PEERS") == "required"

try:
    from pyVim.connect import Disconnect, SmartConnect
    from pyVmomi import vim
except ImportError:
    print("no pyVmomi: python3-pyvmomi is not installed", file=sys.stderr)
    sys.exit(1 if REQUIRED else 77)
if not os.access(FLEET, os.X_OK):
    print("no vCenter simulator: Go or govmomi's library is not installed", file=sys.stderr)
    sys.exit(1 if REQUIRED else 77)

STATES = {"poweredOn": "running", "poweredOff": "off", "suspended": "saved"}


def scan(facts):
    """The items of a confined scan, by kind and key."""
    with tempfile.TemporaryDirectory() as folder:
        word = os.path.join(folder, "word")
        with open(word, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(facts["password"] + "\n")
        options = {"url": facts["url"], "username": facts["username"], "password_file": word,
                   "ca_file": facts["ca_file"]}
        words = [HOST, "--once", PLUGIN, "--confined"] + [f"{name}={value}" for name, value in options.items()]
        # Looking for leaks takes what a confined process may not do.
        environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"} if SANITIZERS else None
        lines = subprocess.run(words, stdout=subprocess.PIPE, check=True, text=True, timeout=300,
                               env=environment).stdout.splitlines()
    items = [json.loads(line) for line in lines]
    assert items[-1]["end"]["completeness"] == "complete", items[-1]
    return {(item["kind"], item["key"]): item for item in items if "kind" in item}


def far_ends(item, relation):
    return sorted(link["key"] for link in item.get("links", []) if link["relation"] == relation)


def path(entity, root):
    names = []
    while entity is not None and entity != root:
        names.append(unquote(entity.name).replace("/", "%2f"))
        entity = getattr(entity, "parentVApp", None) or entity.parent
    return "/" + "/".join(reversed(names))


class Referee(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.child = subprocess.Popen([FLEET, "-vm", "8", "-dc", "2"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     text=True)
        facts = json.loads(cls.child.stdout.readline())
        cls.items = scan(facts)
        trust = ssl.create_default_context(cafile=facts["ca_file"])
        cls.instance = SmartConnect(host="127.0.0.1", port=int(facts["url"].rsplit(":", 1)[1]), user=facts["username"],
                                    pwd=facts["password"], sslContext=trust)
        cls.content = cls.instance.RetrieveContent()

    @classmethod
    def tearDownClass(cls):
        Disconnect(cls.instance)
        cls.child.stdin.close()
        cls.child.wait(60)
        cls.child.stdout.close()

    def all(self, kind):
        return self.content.viewManager.CreateContainerView(self.content.rootFolder, [kind], True).view

    def of(self, kind):
        return {key: item for (its_kind, key), item in self.items.items() if its_kind == kind}

    def test_machines_are_the_same(self):
        machines = self.all(vim.VirtualMachine)
        self.assertEqual({vm.config.instanceUuid.lower() for vm in machines}, set(self.of("vm")))
        for vm in machines:
            with self.subTest(vm.name):
                item = self.items["vm", vm.config.instanceUuid.lower()]
                told = item["attributes"]
                self.assertEqual({
                    "id.moref": vm._moId,
                    "id.name": unquote(vm.name),
                    "id.uuid": vm.config.uuid.lower(),
                    "vm.state": STATES[vm.runtime.powerState],
                    "vm.template": vm.config.template,
                    "vm.configured_guest_id": vm.config.guestId,
                    "vm.configuration_version": vm.config.version,
                    "hardware.cpu_count": vm.config.hardware.numCPU,
                    "hardware.memory": vm.config.hardware.memoryMB << 20,
                    "vm.snapshots": count(vm.snapshot.rootSnapshotList if vm.snapshot else []),
                }, {name: told[name] for name in (
                    "id.moref", "id.name", "id.uuid", "vm.state", "vm.template", "vm.configured_guest_id",
                    "vm.configuration_version", "hardware.cpu_count", "hardware.memory", "vm.snapshots")})
                self.assertEqual(far_ends(item, "runs_on"), [vm.runtime.host.name.lower()])
                self.assertEqual(far_ends(item, "stored_on"), sorted(store._moId for store in vm.datastore))
                disks = [device for device in vm.config.hardware.device if isinstance(device, vim.vm.device.VirtualDisk)]
                self.assertEqual(sorted(told["vm.disks"]), sorted(disk.backing.fileName for disk in disks))

    def test_machines_are_where_they_are(self):
        for vm in self.all(vim.VirtualMachine):
            if isinstance(vm.parent, vim.Folder) and not isinstance(vm.resourcePool, vim.VirtualApp):
                with self.subTest(vm.name):
                    told = self.items["vm", vm.config.instanceUuid.lower()]["attributes"]
                    self.assertEqual(told["vm.folder"], path(vm.parent, self.content.rootFolder))

    def test_hosts_are_the_same(self):
        hosts = self.all(vim.HostSystem)
        self.assertEqual({host.name.lower() for host in hosts}, set(self.of("esxi_host")))
        for host in hosts:
            with self.subTest(host.name):
                told = self.items["esxi_host", host.name.lower()]["attributes"]
                product = host.summary.config.product
                self.assertEqual((told["vsphere.version"], told["vsphere.build"], told["vsphere.product"]),
                                 (product.version, product.build, product.fullName))
                self.assertEqual(told["vsphere.connection_state"], host.runtime.connectionState)
                self.assertEqual(told["vsphere.maintenance"], host.runtime.inMaintenanceMode)
                self.assertEqual(told["id.uuid"], host.summary.hardware.uuid.lower())

    def test_what_is_around_them_is_the_same(self):
        for kind, item_kind in ((vim.ClusterComputeResource, "cluster"), (vim.Datastore, "datastore"),
                                (vim.VirtualApp, "vapp")):
            with self.subTest(item_kind):
                self.assertEqual({thing._moId: thing.name for thing in self.all(kind)},
                                 {key: item["attributes"]["id.name"] for key, item in self.of(item_kind).items()})
        for store in self.all(vim.Datastore):
            told = self.items["datastore", store._moId]["attributes"]
            self.assertEqual((told["datastore.type"], told["datastore.capacity"]),
                             (store.summary.type, store.summary.capacity))


def count(snapshots):
    return sum(1 + count(snapshot.childSnapshotList) for snapshot in snapshots)


if __name__ == "__main__":
    unittest.main()
