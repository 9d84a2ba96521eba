"""What runs in a virtual machine, and what the guest tells its host by the KVP exchange (Msvm_KvpExchangeDataItem: XML
as text). Linux's by its KVP daemon."""
from xml.sax.saxutils import escape

ARCHITECTURES = {"x86": "0", "x64": "9"}


def windows(name, number, service_pack=0, product_type="3", suite="272", arch="x64"):
    major, minor, build = number.split(".")
    return {"OSName": name, "OSVersion": number, "CSDVersion": f"Service Pack {service_pack}" if service_pack else "",
            "OSMajorVersion": major, "OSMinorVersion": minor, "OSBuildNumber": build, "OSPlatformId": "2",
            "ServicePackMajor": str(service_pack), "ServicePackMinor": "0", "SuiteMask": suite,
            "ProductType": product_type,
            "ProcessorArchitecture": ARCHITECTURES[arch]}


def linux(name, version, kernel):
    return {"OSName": name, "OSVersion": kernel.partition("-")[0], "OSMajorVersion": version, "OSMinorVersion": "",
            "OSBuildNumber": kernel, "ProcessorArchitecture": "x86_64"}


GUESTS = {
    "2003-r2": windows("Windows Server 2003 R2 Standard Edition", "5.2.3790", 2, arch="x86"),
    "2008-sp2": windows("Windows Server 2008 Standard", "6.0.6002", 2),
    "2008-r2": windows("Windows Server 2008 R2 Standard", "6.1.7600"),
    "2008-r2-sp1": windows("Windows Server 2008 R2 Enterprise", "6.1.7601", 1),
    "2012": windows("Windows Server 2012 Standard", "6.2.9200"),
    "2012-r2": windows("Windows Server 2012 R2 Standard", "6.3.9600"),
    "2016": windows("Windows Server 2016 Standard", "10.0.14393"),
    "2019": windows("Windows Server 2019 Standard", "10.0.17763"),
    "client-7": windows("Windows 7 Enterprise", "6.1.7601", 1, "1", "256"),
    "client-10": windows("Windows 10 Enterprise", "10.0.14393", 0, "1", "256"),
    "ubuntu-16.04": linux("Ubuntu", "16.04", "4.4.0-57-generic"),
    "centos-7": linux("CentOS Linux", "7", "3.10.0-514.el7.x86_64"),
    "debian-8": linux("Debian GNU/Linux", "8", "3.16.0-4-amd64"),
    "sles-12": linux("SLES", "12.2", "4.4.21-69-default"),
}
TURN = ("2012-r2", "2016", "2008-r2-sp1", "ubuntu-16.04", "2012", "centos-7", "2008-sp2", "client-10")


def item(name, data):
    told = (("Caption", None), ("Data", data), ("Description", None), ("ElementName", None), ("Name", name))
    inside = [(key, "" if value is None else f"<VALUE>{escape(value)}</VALUE>") for key, value in told]
    properties = "".join(f'<PROPERTY NAME="{key}" TYPE="string">{value}</PROPERTY>' for key, value in inside)
    return (f'<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem">{properties}<PROPERTY NAME="Source" TYPE="uint16"><VALUE>2'
            "</VALUE></PROPERTY></INSTANCE>")


def items(guest, name, address):
    """GuestIntrinsicExchangeItems; guest: one of GUESTS, or what differs from it as {"os": ..., key: data}."""
    if isinstance(guest, str):
        guest = {"os": guest}
    told = {"FullyQualifiedDomainName": name, **GUESTS[guest.get("os", "2012-r2")],
            "IntegrationServicesVersion": "6.3.9600.18339",
            "NetworkAddressIPv4": address, "NetworkAddressIPv6": "fe80::215:5dff:fe00:2%12",
            **{key: value for key, value in guest.items() if key != "os"}}
    return [item(key, value) for key, value in told.items() if value is not None]
