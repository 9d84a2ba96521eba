"""What is installed on a computer beside Windows, by its registry and files. Values are those that the facts on the
products name; what WMI and the registry do not hold is not made up."""
import fleet
from windows import stable

EXCHANGE = {"2010": (14, 3, 123, 4, "v14"), "2013": (15, 0, 1497, 2, "v15"), "2016": (15, 1, 1466, 3, "v15"),
            "2019": (15, 2, 221, 12, "v15"),
            "2007": (8, 3, 83, 6, "")}
SHAREPOINT = {"2010": ("14.0", "14.0.7015.1000"), "2013": ("15.0", "15.0.4571.1502"),
              "2016": ("16.0", "16.0.4351.1000"),
              "2019": ("16.0", "16.0.10337.12109")}
SQL = {"2008": ("MSSQL10", "10.3.5500.0"), "2008-r2": ("MSSQL10_50", "10.52.4000.0"), "2012": ("MSSQL11", "11.0.2100.60"),
       "2012-sp1": ("MSSQL11", "11.1.3000.0"), "2012-sp2": ("MSSQL11", "11.2.5058.0"), "2014": ("MSSQL12", "12.0.2000.8"),
       "2016": ("MSSQL13", "13.0.1601.5"), "2016-sp1": ("MSSQL13", "13.1.4001.0")}
DPM = r"SOFTWARE\Microsoft\Microsoft Data Protection Manager"
BACKUP = {"mabs-v1": ("Microsoft Azure Backup Server", "11.0.50.0",
                      r"C:\Program Files\Microsoft Azure Backup Server\DPM\DPM" + "\\"),
          "mabs-v2": ("Microsoft Azure Backup Server", "12.0.332.0",
                      r"C:\Program Files\Microsoft Azure Backup Server\DPM\DPM" + "\\"),
          "dpm-2012r2": ("Microsoft System Center 2012 R2 DPM", "4.2.1205.0",
                         r"C:\Program Files\Microsoft System Center 2012 R2\DPM\DPM" + "\\"),
          "dpm-2016": ("Microsoft System Center 2016 DPM", "5.0.158.0",
                       r"C:\Program Files\Microsoft System Center 2016\DPM\DPM" + "\\")}
AGENT = "C:\\Program Files\\Microsoft Data Protection Manager\\DPM\\"


@fleet.role
def exchange(host, _):
    """The setting "exchange": a year."""
    if "exchange" not in host.settings:
        return
    major, minor, build, revision, folder = EXCHANGE[host.settings["exchange"]]
    key = rf"SOFTWARE\Microsoft\ExchangeServer\{folder}" if folder else r"SOFTWARE\Microsoft\Exchange\v8.0"
    install = rf"C:\Program Files\Microsoft\Exchange Server\{folder.upper()}" + "\\"
    host.keys[key + r"\Setup"] = {"MsiProductMajor": major, "MsiProductMinor": minor, "MsiBuildMajor": build,
                                  "MsiBuildMinor": revision,
                                  "MsiInstallPath": install}
    for role in host.settings.get("exchange_roles", ["MailboxRole", "ClientAccessRole"]):
        host.keys[rf"{key}\{role}"] = {"ConfiguredVersion": f"{major}.{minor}.{build}.{revision}"}


@fleet.role
def sharepoint(host, _):
    """The setting "sharepoint": a year."""
    if "sharepoint" in host.settings:
        hive, version = SHAREPOINT[host.settings["sharepoint"]]
        key = rf"SOFTWARE\Microsoft\Shared Tools\Web Server Extensions\{hive}"
        host.keys[key] = {"SharePoint": "Installed", "Version": version,
                          "Location": "C:\\Program Files\\Common Files\\Microsoft Shared\\"
                          f"Web Server Extensions\\{hive.partition('.')[0]}\\"}
        host.keys[key + r"\Secure\ConfigDB"] = {
            "Id": host.settings.get("sharepoint_farm", stable("farm", host.domain)),
            "dsn": f"Data Source={host.settings.get('sharepoint_sql', 'sql1')};Initial Catalog=SharePoint_Config;"
                   "Integrated Security=True"}


@fleet.role
def sql(host, _):
    """The setting "sql": {instance: year}; the default instance is MSSQLSERVER."""
    told = host.settings.get("sql", {})
    key = r"SOFTWARE\Microsoft\Microsoft SQL Server"
    if told:
        host.keys[key] = {"InstalledInstances": list(told)}
    for instance, year in told.items():
        prefix, version = SQL[year]
        name = f"{prefix}.{instance}"
        host.keys.setdefault(key + r"\Instance Names\SQL", {})[instance] = name
        host.keys[rf"{key}\{name}\Setup"] = {"Edition": "Standard Edition", "Version": version, "PatchLevel": version}
        service = "MSSQLSERVER" if instance == "MSSQLSERVER" else f"MSSQL${instance}"
        host.settings.setdefault("services", {})[service] = r"C:\Program Files\Microsoft SQL Server\sqlservr.exe"


@fleet.role
def backup_server(host, _):
    """The setting "backup_server": a product; "backup_database": where its database is, as server\\instance."""
    if "backup_server" not in host.settings:
        return
    product, version, path = BACKUP[host.settings["backup_server"]]
    server, _, instance = host.settings.get("backup_database", host.name.upper() + "\\MSDPMINSTANCE").partition("\\")
    host.keys[DPM + r"\Setup"] = {"InstallPath": path, "DatabasePath": path + "DPMDB\\", "ProductName": product}
    host.keys[DPM + r"\DB"] = {"SqlServer": server, "InstanceName": instance or "MSSQLSERVER",
                               "DatabaseName": "DPMDB_" + host.name.upper().replace("-", "_")}
    host.settings.setdefault("files", {}).update({path + r"bin\msdpm.exe": version, path + r"bin\DPMRA.exe": version})
    host.settings.setdefault("services", {}).update({"MSDPM": path + r"bin\msdpm.exe",
                                                     "DPMRA": path + r"bin\DPMRA.exe"})


@fleet.role
def backup_agent(host, _):
    """The setting "backup_agent": {"server": "mabs1.corp.example", "version": "12.0.332.0"}."""
    told = host.settings.get("backup_agent")
    if not told:
        return
    text = (f'<?xml version="1.0" encoding="utf-16"?><DLSConfig><Security><AuthorizedMachines><MachineName>{told["server"]}'
            "</MachineName></AuthorizedMachines></Security></DLSConfig>")
    host.keys[DPM + r"\Setup"] = {"InstallPath": AGENT}
    host.keys[DPM + r"\Agent\2.0"] = {"configuration": text.encode("utf-16-le")}
    host.settings.setdefault("files", {})[AGENT + r"bin\DPMRA.exe"] = told["version"]
    host.settings.setdefault("services", {})["DPMRA"] = AGENT + r"bin\DPMRA.exe"
