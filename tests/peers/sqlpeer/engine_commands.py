"""Commands that change what instances are and hold, while a test runs; HOST/INSTANCE may be HOST where it has one alone."""
import copy
import json

import engine_things as things
from commands import Mistake, command, instances_of
from engine_logins import STATES, Login
from engine_versions import version_of


def instance_of(world, name):
    _, found = instances_of(world, name)
    if len(found) != 1:
        raise Mistake(f"{name} has {len(found)} instances")
    return found[0]


def database_of(world, name, database_name):
    instance = instance_of(world, name)
    database = instance.database(database_name)
    if not database:
        raise Mistake(f"no database {database_name} on {name}")
    return instance, database


def login_of(world, name, login_name):
    instance = instance_of(world, name)
    if login_name.lower() not in instance.logins:
        raise Mistake(f"no login {login_name} on {name}")
    return instance, instance.logins[login_name.lower()]


def value_of(text):
    """JSON where it is such, else the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


# --------------------------------------------------------------------------------------------------------- databases ----

@command("add-database HOST/INSTANCE NAME")
def add_database(world, name, told):
    """Or JSON, as a fleet tells of one."""
    instance = instance_of(world, name)
    instance.add(value_of(told) if told.startswith("{") else {"name": told})


@command("drop-database HOST/INSTANCE NAME")
def drop_database(world, name, database_name):
    instance, database = database_of(world, name, database_name)
    instance.databases.remove(database)
    instance.changed()


@command("change-database HOST/INSTANCE NAME MEMBER VALUE")
def change_database(world, name, database_name, member, value):
    """As if it had been told so: state OFFLINE, files [...], backups {...}."""
    instance, database = database_of(world, name, database_name)
    told = {**database.told, member: value_of(value)}
    instance.databases[instance.databases.index(database)] = things.Database(told, instance, database.id)
    instance.changed()


@command("backup HOST/INSTANCE NAME KIND [WHEN]")
def backup(world, name, database_name, kind, when="-0s"):
    """full, diff, log, copy_only or snapshot."""
    instance, database = database_of(world, name, database_name)
    word, members = things.KINDS[kind]
    database.backups.append(things.Backup({"type": word, "at": when, **members}, instance.local_now()))
    instance.changed()


# ------------------------------------------------------------------------------------------------------ backup server ----

def change_dpm(world, name, database_name, change):
    """change(what is told of the backup server)"""
    instance, database = database_of(world, name, database_name)
    if "dpm" not in database.told:
        raise Mistake(f"{database_name} is no DPMDB")
    told = copy.deepcopy(database.told)
    change(told["dpm"])
    instance.databases[instance.databases.index(database)] = things.Database(told, instance, database.id)
    instance.changed()


@command("add-source HOST/INSTANCE DPMDB JSON")
def add_source(world, name, database_name, told):
    change_dpm(world, name, database_name, lambda dpm: dpm.setdefault("sources", []).append(value_of(told)))


@command("change-source HOST/INSTANCE DPMDB SOURCE MEMBER VALUE")
def change_source(world, name, database_name, source, member, value):
    """All data sources of that name: state, group, last, failed, points, ..."""
    def change(dpm):
        found = [one for one in dpm.get("sources", []) if isinstance(one, dict) and one.get("name") == source]
        if not found:
            raise Mistake(f"no data source {source}, told as a dictionary, in {database_name}")
        for one in found:
            one[member] = value_of(value)
    change_dpm(world, name, database_name, change)


@command("change-dpm HOST/INSTANCE DPMDB MEMBER VALUE")
def change_member(world, name, database_name, member, value):
    """version, patches, lacks, spelled, ..."""
    change_dpm(world, name, database_name, lambda dpm: dpm.update({member: value_of(value)}))


# ------------------------------------------------------------------------------------------------------------ logins ----

@command("grant HOST/INSTANCE LOGIN RIGHT")
def grant(world, name, login_name, right):
    instance, login = login_of(world, name, login_name)
    login.rights.add(right.lower())
    login.denied.discard(right.lower())
    instance.changed()


@command("revoke HOST/INSTANCE LOGIN RIGHT")
def revoke(world, name, login_name, right):
    """It is gone, or for public's rights it is denied, as there is no other way to lack them."""
    instance, login = login_of(world, name, login_name)
    login.rights.discard(right.lower())
    login.denied.add(right.lower())
    instance.changed()


@command("password HOST/INSTANCE LOGIN PASSWORD")
def password(world, name, login_name, word):
    login_of(world, name, login_name)[1].password = word


@command("login-state HOST/INSTANCE LOGIN STATE")
def login_state(world, name, login_name, state):
    """good, or a word of engine_logins.STATES (a blank as _): disabled, locked, expired, must_change, ..."""
    state = state.replace("_", " ")
    if state != "good" and state not in STATES:
        raise Mistake(f"no state {state}; there are good, {', '.join(STATES)}")
    login_of(world, name, login_name)[1].state = None if state == "good" else state


@command("add-login HOST/INSTANCE LOGIN JSON")
def add_login(world, name, login_name, told):
    instance_of(world, name).logins[login_name.lower()] = Login(login_name, value_of(told))


# --------------------------------------------------------------------------------------------------------- instances ----

@command("version HOST/INSTANCE VERSION")
def version(world, name, words):
    """An update, or an upgrade; the server's PRELOGIN says so too."""
    instance = instance_of(world, name)
    instance.version = version_of(words)
    instance.build = instance.version.build
    instance.changed()


@command("setting HOST/INSTANCE SETTING JSON")
def setting(world, name, word, value):
    """edition, hadr, cluster, utc_offset, properties, now, no_guest, ..."""
    instance = instance_of(world, name)
    instance.settings[word] = value_of(value)
    instance.reread()
    instance.changed()


@command("primary GROUP SERVER")
def primary(world, group_name, server):
    """An availability group fails over."""
    group = world.fleet.groups[group_name]
    if not group.replica(server):
        raise Mistake(f"{server} is no replica of {group_name}")
    group.primary = group.replica(server).server
    for host in world.fleet.hosts.values():
        for instance in host.instances.values():
            instance.changed()


@command("statements HOST/INSTANCE")
def statements(world, name):
    """How many it was sent, and the last ones of them."""
    instance = instance_of(world, name)
    return {"statements": instance.statements, "texts": list(instance.texts)}
