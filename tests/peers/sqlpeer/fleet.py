"""A fleet whose instances only know their version."""
from result import NVARCHAR, Column, Result, SqlError

BUILDS = {"2008": "10.0.1600.22", "2008r2": "10.50.1600.1", "2012": "11.0.7001.0", "2014": "12.0.2000.8", "2016": "13.0.1601.5",
          "2017": "14.0.1000.169", "2019": "15.0.2000.5", "2022": "16.0.1000.6"}


class Session:
    def __init__(self, instance, database):
        self.instance, self.database = instance, database or "master"

    def execute(self, sql):
        if sql.upper().startswith("USE "):
            self.database = sql[4:].strip(" ;[]")
            return [Result()]
        if "@@VERSION" in sql.upper():
            return [Result([Column("version", NVARCHAR, 400)], [(f"Microsoft SQL Server - {self.instance.build}",)])]
        if sql.strip().upper().startswith("SET ") or not sql.strip():
            return [Result()]
        raise SqlError(102, 15, 1, f"Incorrect syntax near '{sql[:20]}'.")


class Instance:
    def __init__(self, told, logins):
        self.settings, self.logins = told, logins
        self.name, self.clustered = told["name"], told.get("clustered", False)
        self.build = BUILDS.get(told["version"], told["version"])

    def login(self, user, password, database):
        if password is not None and self.logins.get(user) != password:
            raise SqlError(18456, 14, 1, f"Login failed for user '{user}'.")
        return Session(self, database)


class Host:
    def __init__(self, told, logins):
        self.settings, self.name, self.address = told, told["name"], told.get("address", "127.0.0.1")
        self.instances = {one["name"]: Instance(one, logins) for one in told["instances"]}


class Fleet:
    def __init__(self, told):
        self.hosts = {one["name"]: Host(one, told["logins"]) for one in told["hosts"]}
