#!/usr/bin/python3
"""A client that nobody here wrote, pyVmomi, finds hostile.py's honest mode to be a vCenter: so that a scan that fails there
fails by the trick."""
import json
import os
import pathlib
import ssl
import subprocess
import sys
import unittest

try:
    from pyVim import connect
    from pyVmomi import vim, vmodl
except ImportError as error:
    print(f"no pyVmomi: {error}; ./run deps test installs python3-pyvmomi", file=sys.stderr)
    sys.exit(1 if os.environ.get("CI") == "true" or os.environ.get("MUSTER_PEERS") == "required" else 77)

HERE = pathlib.Path(__file__).resolve().parent
PATHS = ["name", "config.instanceUuid", "runtime.host", "runtime.powerState", "config.hardware.device", "guest.net",
         "datastore", "parentVApp", "customValue"]


class Peer:
    def __init__(self, trick="honest", page=0):
        self.process = subprocess.Popen(
            [HERE / "hostile.py", "--trick", trick, "--page", str(page)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.facts = json.loads(self.process.stdout.readline())

    def log_in(self, password="right"):
        context = ssl.create_default_context(cafile=self.facts["ca_file"])
        port = int(self.facts["url"].rpartition(":")[2])
        return connect.SmartConnect(host="127.0.0.1", port=port, user="scan", pwd=password, sslContext=context)

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def specification(view):
    collector = vmodl.query.PropertyCollector
    traversal = collector.TraversalSpec(name="view", type=vim.view.ContainerView, path="view", skip=False)
    return collector.FilterSpec(
        propSet=[collector.PropertySpec(type=vim.VirtualMachine, pathSet=PATHS)],
        objectSet=[collector.ObjectSpec(obj=view, skip=True, selectSet=[traversal])])


def rows(objects):
    return sorted((found.obj._moId, {one.name: one.val for one in found.propSet}) for found in objects)


class Referee(unittest.TestCase):
    def with_peer(self, **settings):
        peer = Peer(**settings)
        self.addCleanup(peer.close)
        return peer

    def read(self, content, page=None):
        view = content.viewManager.CreateContainerView(content.rootFolder, [vim.VirtualMachine], True)
        collector = content.propertyCollector
        options = vmodl.query.PropertyCollector.RetrieveOptions(maxObjects=page)
        pages = [collector.RetrievePropertiesEx([specification(view)], options)]
        while pages[-1].token:
            pages.append(collector.ContinueRetrievePropertiesEx(pages[-1].token))
        view.Destroy()
        return pages

    def test_it_reads_the_machines(self):
        content = self.with_peer().log_in().content
        self.assertEqual(content.about.apiVersion, "6.5")
        found = rows(self.read(content)[0].objects)
        self.assertEqual([moref for moref, _ in found], [f"vm-{n}" for n in range(101, 107)])
        first = found[0][1]
        self.assertEqual(first["name"], "web101")
        self.assertEqual(first["runtime.powerState"], "poweredOn")
        self.assertIsInstance(first["runtime.host"], vim.HostSystem)
        disk, card = first["config.hardware.device"]
        self.assertEqual(disk.backing.fileName, "[nfs1] web101/web101.vmdk")
        self.assertEqual(card.macAddress, first["guest.net"][0].macAddress)
        self.assertEqual(first["customValue"][0].value, "daily")
        self.assertEqual(found[-1][1]["parentVApp"]._moId, "resgroup-v11")

    def test_pages_hold_what_one_reply_holds(self):
        whole = rows(self.read(self.with_peer().log_in().content)[0].objects)
        for settings, page in (({}, 2), ({"page": 4}, None)):
            pages = self.read(self.with_peer(**settings).log_in().content, page)
            self.assertGreater(len(pages), 1)
            self.assertEqual([moref for moref, _ in rows(sum((one.objects for one in pages), []))],
                             [moref for moref, _ in whole])

    def test_updates_bring_everything_once(self):
        content = self.with_peer().log_in().content
        view = content.viewManager.CreateContainerView(content.rootFolder, [vim.VirtualMachine], True)
        collector = content.propertyCollector
        collector.CreateFilter(specification(view), False)
        options = vmodl.query.PropertyCollector.WaitOptions(maxWaitSeconds=0, maxObjectUpdates=4)
        first = collector.WaitForUpdatesEx("", options)
        self.assertTrue(first.truncated)
        second = collector.WaitForUpdatesEx(first.version, options)
        self.assertFalse(second.truncated)
        found = [one.obj._moId for update in (first, second) for one in update.filterSet[0].objectSet]
        self.assertEqual(sorted(found), [f"vm-{n}" for n in range(101, 107)])
        self.assertIsNone(collector.WaitForUpdatesEx(second.version, options))
        with self.assertRaises(vmodl.query.InvalidCollectorVersion):
            collector.WaitForUpdatesEx("666", options)

    def test_it_asks_for_rights_and_licences(self):
        content = self.with_peer().log_in().content
        self.assertEqual(content.authorizationManager.HasPrivilegeOnEntity(
            content.rootFolder, "", ["System.View", "System.Read", "Global.Licenses"]), [True, True, False])
        self.assertTrue(content.authorizationManager.RetrieveEntityPermissions(content.rootFolder, True)[0].propagate)
        self.assertEqual(content.licenseManager.licenses[0].editionKey, "esxEnterprisePlus")
        self.assertEqual(content.licenseManager.licenseAssignmentManager.QueryAssignedLicenses()[1].entityId, "host-8")
        self.assertEqual(content.customFieldsManager.field[0].name, "Backup")

    def test_faults_are_faults(self):
        peer = self.with_peer()
        with self.assertRaises(vim.fault.InvalidLogin):
            peer.log_in("wrong")
        instance = peer.log_in()
        content = instance.content
        view = content.viewManager.CreateContainerView(content.rootFolder, [vim.VirtualMachine], True)
        content.sessionManager.Logout()
        with self.assertRaises(vim.fault.NotAuthenticated):
            view.Destroy()

    def test_properties_that_are_missing_say_why(self):
        pages = self.read(self.with_peer(trick="missing-everywhere").log_in().content)
        self.assertIsInstance(pages[0].objects[0].missingSet[0].fault, vim.fault.NoPermission)
        self.assertEqual(pages[0].objects[0].propSet, [])


unittest.main(warnings="ignore")  # pyVmomi leaves its connections open
