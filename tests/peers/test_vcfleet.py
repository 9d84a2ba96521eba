#!/usr/bin/python3
"""vcfleet, read by pyVmomi: somebody else's client says whether pages, parts and changes are what a server would give."""

import json
import os
import ssl
import subprocess
import sys
import unittest

PROGRAM = sys.argv.pop(1)
REQUIRED = os.environ.get("CI") == "true" or os.environ.get("MUSTER_PEERS") == "required"

try:
    from pyVim.connect import SmartConnect
    from pyVmomi import vim, vmodl
except ImportError:
    print("no pyVmomi: python3-pyvmomi is not installed", file=sys.stderr)
    sys.exit(1 if REQUIRED else 77)
if not os.access(PROGRAM, os.X_OK):
    print("no vCenter simulator: Go or govmomi's library is not installed", file=sys.stderr)
    sys.exit(1 if REQUIRED else 77)

COLLECTOR = vmodl.query.PropertyCollector
WANTED = {
    vim.VirtualMachine: [
        "name", "parent", "parentVApp", "runtime.host", "runtime.powerState", "runtime.connectionState", "config.uuid",
        "config.instanceUuid", "config.template", "config.guestId", "config.guestFullName", "config.version",
        "config.managedBy", "config.hardware.numCPU", "config.hardware.memoryMB", "config.hardware.device",
        "guest.guestId", "guest.guestFullName", "guest.hostName", "guest.net", "guest.ipAddress", "guest.toolsStatus",
        "config.tools.toolsVersion", "datastore", "resourcePool", "snapshot.rootSnapshotList", "customValue"],
    vim.HostSystem: [
        "name", "parent", "summary.config.product.version", "config.network.vnic", "runtime.connectionState",
        "runtime.inMaintenanceMode"],
    vim.ClusterComputeResource: ["name", "parent", "configuration.dasConfig.enabled"],
    vim.Datastore: ["name", "parent", "summary.type", "summary.capacity", "summary.multipleHostAccess"],
    vim.VirtualApp: ["name", "parent", "parentFolder"],
    vim.Folder: ["name", "parent"],
    vim.Datacenter: ["name", "parent"],
}


class Fleet:
    """The program, and a session with it."""

    def __init__(self, *options):
        self.child = subprocess.Popen([PROGRAM, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.facts = json.loads(self.child.stdout.readline())
        self.clients = []

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
        return answer

    def login(self, password=None):
        trust = ssl.create_default_context(cafile=self.facts["ca_file"])
        port = int(self.facts["url"].rsplit(":", 1)[1])
        return Client(SmartConnect(host="127.0.0.1", port=port, user=self.facts["username"],
                                   pwd=password or self.facts["password"], sslContext=trust))


class Client:
    def __init__(self, instance):
        self.content = instance.RetrieveContent()
        self.collector = self.content.propertyCollector
        view = self.content.viewManager.CreateContainerView(self.content.rootFolder, list(WANTED), True)
        traversal = COLLECTOR.TraversalSpec(name="view", path="view", skip=False, type=vim.ContainerView)
        source = COLLECTOR.ObjectSpec(obj=view, skip=True, selectSet=[traversal])
        wanted = [COLLECTOR.PropertySpec(type=kind, pathSet=paths) for kind, paths in WANTED.items()]
        self.spec = COLLECTOR.FilterSpec(objectSet=[source], propSet=wanted)
        self.version = ""

    def pages(self, size=None):
        page = self.collector.RetrievePropertiesEx([self.spec], COLLECTOR.RetrieveOptions(maxObjects=size))
        while True:
            yield page
            if not page or not page.token:
                return
            page = self.collector.ContinueRetrievePropertiesEx(page.token)

    def rows(self, size=None):
        found = {}
        for page in self.pages(size):
            for thing in page.objects if page else []:
                assert thing.obj._moId not in found, "an object came twice"
                found[thing.obj._moId] = {one.name: text(one.val) for one in thing.propSet}
        return found

    def watch(self):
        self.collector.CreateFilter(self.spec, False)

    def updates(self, size=None):
        """What came, part by part, until there is no more."""
        while True:
            options = COLLECTOR.WaitOptions(maxWaitSeconds=0, maxObjectUpdates=size)
            update = self.collector.WaitForUpdatesEx(self.version, options)
            if update is None:
                return
            self.version = update.version
            yield [one for part in update.filterSet for one in part.objectSet]
            if not update.truncated:
                return

    def follow(self, rows, size=None):
        """Changes rows by what came; returns what came, as words."""
        told = []
        for part in self.updates(size):
            for one in part:
                told.append(f"{one.kind} {one.obj._moId}")
                if one.kind == "leave":
                    del rows[one.obj._moId]
                    continue
                row = rows.setdefault(one.obj._moId, {})
                for change in one.changeSet:
                    row.pop(change.name, None)
                    if change.val is not None:
                        row[change.name] = text(change.val)
        return told


def text(value):
    return " ".join(str(value).split())


class Vcfleet(unittest.TestCase):
    maxDiff = None

    def test_pages_hold_what_the_whole_holds(self):
        with Fleet("-vm", "40") as fleet:
            client = fleet.login()
            whole = client.rows()
            self.assertEqual(sum("config.guestId" in row for row in whole.values()), fleet.facts["machines"])
            for size in 1, 7, len(whole) - 1, len(whole), len(whole) + 1:
                self.assertEqual(client.rows(size), whole)
            self.assertEqual([len(page.objects) for page in client.pages(100)][0], 100)

    def test_the_server_has_the_last_word_on_a_page(self):
        with Fleet("-vm", "5", "-max-objects", "6") as fleet:
            client = fleet.login()
            for asked in None, 100, 4:
                sizes = [len(page.objects) for page in client.pages(asked)]
                self.assertEqual(set(sizes[:-1]), {4 if asked == 4 else 6})

    def test_a_token_is_good_for_once(self):
        with Fleet() as fleet:
            client = fleet.login()
            token = next(client.pages(5)).token
            client.collector.ContinueRetrievePropertiesEx(token)
            for bad in token, "nonsense":
                with self.assertRaises(vmodl.query.InvalidProperty):
                    client.collector.ContinueRetrievePropertiesEx(bad)
            token = next(client.pages(5)).token
            client.collector.CancelRetrievePropertiesEx(token)
            with self.assertRaises(vmodl.query.InvalidProperty):
                client.collector.ContinueRetrievePropertiesEx(token)

    def test_the_first_update_holds_everything_in_parts(self):
        with Fleet("-vm", "20", "-max-updates", "9") as fleet:
            client = fleet.login()
            client.watch()
            rows, versions = {}, []
            for part in client.updates(100):
                self.assertLessEqual(len(part), 9)
                versions.append(client.version)
                for one in part:
                    rows[one.obj._moId] = {c.name: text(c.val) for c in one.changeSet if c.val is not None}
            self.assertEqual(rows, client.rows())
            self.assertEqual(len(set(versions)), len(versions))
            self.assertEqual(list(client.updates()), [])

    def test_rows_that_follow_the_updates_stay_true(self):
        changes = (
            ("add-vm", "new 1", "centos7_64Guest"), ("clone", "DC0_C0_RP0_VM2", "new 2"), ("power-off", "DC0_H0_VM1"),
            ("power-on", "DC0_H0_VM1"), ("rename", "DC0_H0_VM1", "Ünïcode & <more>"), ("move-host", "DC0_C0_RP0_VM1", "DC0_C0_H2"),
            ("move-folder", "DC0_C0_RP0_VM1", "Test%2fDev"), ("guest", "DC0_H0_VM2", "ubuntu64Guest"),
            ("snapshot", "DC0_H0_VM2"), ("attribute", "DC0_H0_VM2", "Owner", "somebody"), ("rename", "Prod", "Production"),
            ("add-folder", "Production", "deep"), ("move-folder", "web", "Test%2fDev"), ("maintenance", "DC0_C0_H1", "on"),
            ("connection", "DC0_H0", "notResponding"), ("rename", "DC0_C0", "Cluster 1"), ("rename", "LocalDS_1", "Fast"),
            ("destroy", "new 1"), ("destroy", "DC0_C0_APP0_VM3"), ("destroy", "DC0_H0_VM0"), ("inaccessible", "new 2"),
            ("add-host", "Cluster 1", "esx 9"), ("move-host", "DC0_C0_RP0_VM1", "esx 9"),
            ("move-host", "DC0_C0_RP0_VM1", "DC0_C0_H0"), ("destroy", "esx 9"), ("destroy", "deep"))
        with Fleet() as fleet:
            client = fleet.login()
            client.watch()
            rows = {}
            client.follow(rows)
            for words in changes:
                fleet.tell(*words)
                told = client.follow(rows, 3)
                self.assertGreaterEqual(len(told), 1, words)
                self.assertEqual(rows, client.rows(), words)

    def test_each_session_is_told_of_changes(self):
        with Fleet("-vm", "2") as fleet:
            one, two = fleet.login(), fleet.login()
            for client in one, two:
                client.watch()
                list(client.updates())
            gone = fleet.tell("destroy", "DC0_H0_VM1")["moref"]
            for client in one, two:
                self.assertEqual(client.follow({gone: {}}), [f"leave {gone}"])
            self.assertEqual(fleet.tell("count")["sessions"], 2)

    def test_what_is_lost_is_told_by_its_fault(self):
        with Fleet("-vm", "2") as fleet:
            with self.assertRaises(vim.fault.InvalidLogin):
                fleet.login("wrong")
            client = fleet.login()
            client.watch()
            list(client.updates())
            fleet.tell("forget-versions")
            with self.assertRaises(vmodl.query.InvalidCollectorVersion):
                list(client.updates())
            self.assertEqual(fleet.tell("expire-sessions")["sessions"], 1)
            with self.assertRaises(vim.fault.NotAuthenticated):
                list(client.updates())
            page = client.collector.RetrievePropertiesEx([self.of(client.content.rootFolder)], COLLECTOR.RetrieveOptions())
            self.assertIsInstance(page.objects[0].missingSet[0].fault, vim.fault.NotAuthenticated)

    @staticmethod
    def of(thing):
        return COLLECTOR.FilterSpec(objectSet=[COLLECTOR.ObjectSpec(obj=thing)],
                                    propSet=[COLLECTOR.PropertySpec(type=vim.Folder, pathSet=["name"])])

    def test_rights_are_taken_and_given_back(self):
        with Fleet("-vm", "2") as fleet:
            client = fleet.login()
            whole = client.rows()
            own = (fleet.facts["username"], False)
            manager, root = client.content.authorizationManager, client.content.rootFolder

            def has():
                return list(manager.HasPrivilegeOnEntity(root, "", ["System.View", "System.Read"]))

            def propagate():
                return {(one.principal, one.group): one.propagate for one in manager.RetrieveEntityPermissions(root, False)}

            self.assertEqual(has(), [True, True])
            self.assertTrue(all(propagate().values()))
            fleet.tell("deny", "view")
            self.assertEqual((has(), client.rows()), ([False, True], {}))
            fleet.tell("allow")
            fleet.tell("deny", "propagate")
            self.assertEqual((propagate()[own], client.rows()), (False, {}))
            fleet.tell("allow")
            fleet.tell("deny", "group")
            self.assertFalse(all(propagate().values()))
            self.assertNotIn(own, propagate())
            fleet.tell("allow")
            fleet.tell("deny", "object", "DC0_H0_VM1")
            hidden = [one for page in client.pages() for one in page.objects if one.missingSet]
            self.assertEqual(len(hidden), 1)
            self.assertIsInstance(hidden[0].missingSet[0].fault, vim.fault.NoPermission)
            fleet.tell("allow")
            self.assertEqual(client.rows(), whole)

    def test_a_restart_closes_the_connections(self):
        with Fleet("-vm", "1") as fleet:
            client = fleet.login()
            self.assertEqual(fleet.tell("restart")["sessions"], 1)
            with self.assertRaises(OSError):
                client.rows()
            self.assertEqual(len(fleet.login().rows()), 21)

    def test_faults_and_cuts_come_when_they_are_ordered(self):
        with Fleet("-vm", "2") as fleet:
            client = fleet.login()
            fleet.tell("fault", "QueryAssignedLicenses", "NoPermission", "not you")
            manager = client.content.licenseManager.licenseAssignmentManager
            with self.assertRaises(vim.fault.NoPermission):
                manager.QueryAssignedLicenses()
            fleet.tell("allow")
            editions = {one.assignedLicense.editionKey for one in manager.QueryAssignedLicenses()}
            self.assertIn("esxBasic", editions)
            fleet.tell("cut", "ContinueRetrievePropertiesEx", "2")
            pages = client.pages(3)
            next(pages), next(pages)
            with self.assertRaises(Exception):
                next(pages)
            self.assertEqual(fleet.tell("count")["sessions"], 0)

    def test_the_same_options_give_the_same_fleet(self):
        def fleet_of(*options):
            with Fleet("-vm", "30", *options) as fleet:
                rows = fleet.login().rows()
            # a datastore's reference is a path of this run
            return [[row.get("name"), row.get("config.instanceUuid"), row.get("guest.hostName"), row.get("config.guestId"),
                     row.get("runtime.powerState"), row.get("runtime.host")] for row in rows.values()]

        first = fleet_of()
        self.assertEqual(fleet_of(), first)
        other = fleet_of("-seed", "2")
        uuids = [{row[1] for row in rows if row[1]} for rows in (first, other)]
        self.assertFalse(uuids[0] & uuids[1])
        self.assertEqual(len(uuids[0]), 90)

    def test_types_are_written_either_way(self):
        def rows(*options):
            with Fleet("-vm", "3", *options) as fleet:
                found = fleet.login().rows()
            return {key: row for key, row in found.items() if "datastore" not in row and "summary.type" not in row}

        self.assertEqual(rows("-xsi"), rows())

    def test_a_host_stands_alone(self):
        with Fleet("-esx", "-vm", "4") as fleet:
            client = fleet.login()
            self.assertEqual(client.content.about.apiType, "HostAgent")
            rows = client.rows(3)
            self.assertEqual(sum("config.guestId" in row for row in rows.values()), 4)
            self.assertEqual(client.content.licenseManager.licenses[0].editionKey, "esxEnterprisePlus")


if __name__ == "__main__":
    unittest.main()
