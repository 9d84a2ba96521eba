"""Versions of SQL Server by their words ("2012 SP2", "2017 CU31"), with the builds that tds.md cites; the fourth number of a build,
dates and systems are from memory."""
import dataclasses

# year: {level: build}; the first one is meant where no level is told.
BUILDS = {
    "2008": {"RTM": "10.0.1600.22", "SP1": "10.0.2531.0", "SP2": "10.0.4000.0", "SP3": "10.0.5500.0", "SP4": "10.0.6000.29"},
    "2008 R2": {"RTM": "10.50.1600.1", "SP1": "10.50.2500.0", "SP2": "10.50.4000.0", "SP3": "10.50.6000.34"},
    "2012": {"RTM": "11.0.2100.60", "SP1": "11.0.3000.0", "SP2": "11.0.5058.0", "SP3": "11.0.6020.0", "SP4": "11.0.7001.0"},
    "2014": {"RTM": "12.0.2000.8", "SP1": "12.0.4100.1", "SP2": "12.0.5000.0", "SP3": "12.0.6024.0"},
    "2016": {"RTM": "13.0.1601.5", "SP1": "13.0.4001.0", "SP2": "13.0.5026.0", "SP3": "13.0.6300.2"},
    "2017": {"RTM": "14.0.1000.169", "CU31": "14.0.3456.2"},
    "2019": {"RTM": "15.0.2000.5", "CU18": "15.0.4261.1", "CU32": "15.0.4430.1"},
    "2022": {"RTM": "16.0.1000.6", "CU1": "16.0.4003.1", "CU19": "16.0.4195.2"},
}
SYSTEMS = {  # where such an instance runs, by the end of @@VERSION
    "2008": "Windows NT 6.0 <X64> (Build 6002: Service Pack 2)", "2008 R2": "Windows NT 6.1 <X64> (Build 7601: Service Pack 1)",
    "2012": "Windows NT 6.2 <X64> (Build 9200: )", "2014": "Windows NT 6.3 <X64> (Build 9600: )",
    "2016": "Windows Server 2016 Standard 6.3 <X64> (Build 14393: )", "2017": "Windows Server 2016 Standard 10.0 <X64> (Build 14393: )",
    "2019": "Windows Server 2019 Standard 10.0 <X64> (Build 17763: )", "2022": "Windows Server 2022 Standard 10.0 <X64> (Build 20348: )",
}
EDITIONS = {  # word: (what SERVERPROPERTY says, EngineEdition)
    "standard": ("Standard Edition (64-bit)", 2), "enterprise": ("Enterprise Edition (64-bit)", 3),
    "enterprise core": ("Enterprise Edition: Core-based Licensing (64-bit)", 3),
    "developer": ("Developer Edition (64-bit)", 3), "evaluation": ("Enterprise Evaluation Edition (64-bit)", 3),
    "web": ("Web Edition (64-bit)", 2), "workgroup": ("Workgroup Edition (64-bit)", 2),
    "business intelligence": ("Business Intelligence Edition (64-bit)", 2),
    "express": ("Express Edition (64-bit)", 4), "azure": ("SQL Azure", 5), "managed instance": ("SQL Azure", 8),
    "edge": ("Azure SQL Edge Developer (64-bit)", 9),
}
COMPATIBILITY = {"10.0": 100, "10.50": 100, "11.0": 110, "12.0": 120, "13.0": 130, "14.0": 140, "15.0": 150, "16.0": 160}


def numbers(build):
    """To be compared."""
    return tuple(int(one) for one in build.split("."))


@dataclasses.dataclass(frozen=True)
class Version:
    year: str
    level: str       # RTM, SP2
    update: str | None  # CU31
    build: str

    @property
    def major(self):
        return numbers(self.build)[0]

    def has(self, since):
        """Whether it is that build or a later one; "11" is the first of 2012."""
        wanted = numbers(since)
        return numbers(self.build)[:len(wanted)] >= wanted

    @property
    def compatibility(self):
        return COMPATIBILITY[".".join(self.build.split(".")[:2])]

    def text(self, edition):
        """@@VERSION"""
        level = f"{self.level}-{self.update}" if self.update else self.level
        return (f"Microsoft SQL Server {self.year} ({level}) - {self.build} (X64) \n\tJan  1 2020 00:00:00 \n\tCopyright (c) Microsoft "
                f"Corporation\n\t{edition} on {SYSTEMS[self.year]} (Hypervisor)\n")


def version_of(words):
    """"2012 SP2" or 2012-sp2, "2019", "11.0.5058.0", "2016 13.0.5888.11" (a build that no level has); "sql:" may stand before."""
    words = words.removeprefix("sql:").replace("-", " ").upper()
    if words[:1].isdigit() and "." in words.split()[0]:
        year = next((year for year, levels in BUILDS.items()
                     if numbers(levels["RTM"])[:2] == numbers(words)[:2]), None)
        if year is None:
            raise ValueError(f"no version of SQL Server has builds as {words}")
        return at_build(year, words)
    year = "2008 R2" if words.startswith("2008 R2") else words.split()[0]
    rest = words[len(year):].strip() or "RTM"
    if year not in BUILDS:
        raise ValueError(f"no SQL Server {words}; there are {', '.join(BUILDS)}")
    if rest[0].isdigit():
        return at_build(year, rest)
    if rest not in BUILDS[year]:
        raise ValueError(f"no level {rest} of {year}; there are {', '.join(BUILDS[year])}, or tell the build")
    return at_build(year, BUILDS[year][rest])


def at_build(year, build):
    level = update = None
    for name, first in BUILDS[year].items():
        if numbers(first)[:3] <= numbers(build)[:3]:
            level, update = (name, None) if not name.startswith("CU") else ("RTM", name)
    build = build if build.count(".") == 3 else build + ".0"
    return Version(year, level or "RTM", update, build)
