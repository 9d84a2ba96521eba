#!/usr/bin/python3
"""Reads properties of all virtual machines by pyVmomi: a ContainerView and the PropertyCollector. For muster-bench.

    pyvmomi_collect.py URL CA-FILE USER PASSWORD NUMBER PROPERTY...

It keeps and prints nothing, and fails where there are not NUMBER machines."""

import ssl
import sys

from pyVim.connect import Disconnect, SmartConnect
from pyVmomi import vim, vmodl

COLLECTOR = vmodl.query.PropertyCollector


def pages(content, properties):
    view = content.viewManager.CreateContainerView(content.rootFolder, [vim.VirtualMachine], True)
    traversal = COLLECTOR.TraversalSpec(name="view", path="view", skip=False, type=vim.ContainerView)
    spec = COLLECTOR.FilterSpec(objectSet=[COLLECTOR.ObjectSpec(obj=view, skip=True, selectSet=[traversal])],
                                propSet=[COLLECTOR.PropertySpec(type=vim.VirtualMachine, pathSet=properties)])
    page = content.propertyCollector.RetrievePropertiesEx([spec], COLLECTOR.RetrieveOptions())
    while True:
        yield page.objects
        if not page.token:
            break
        page = content.propertyCollector.ContinueRetrievePropertiesEx(page.token)
    view.DestroyView()


def main(url, ca_file, user, password, number, *properties):
    trust = ssl.create_default_context(cafile=ca_file)
    host, port = url.removeprefix("https://").rsplit(":", 1)
    instance = SmartConnect(host=host, port=int(port), user=user, pwd=password, sslContext=trust)
    found = sum(len(objects) for objects in pages(instance.RetrieveContent(), list(properties)))
    Disconnect(instance)
    if found != int(number):
        sys.exit(f"{found} machines, and not {number}")


main(*sys.argv[1:])
