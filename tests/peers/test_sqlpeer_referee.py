#!/usr/bin/python3
"""Clients that nobody here wrote find sqlpeer to be SQL Server, so that a scan that fails there fails by itself or by a
trick. Each reads each canned result, and so each type; what it got is compared with what was sent (sqlpeer/canned.py). Who
can do what:

  tsql, python3-pymssql  FreeTDS's db-lib, which makes nonsense of a sql_variant that is no text; NTLM, Kerberos
  bsqldb                 db-lib, bound to texts; knows neither uniqueidentifier nor sql_variant, and dies of numeric(38, 4);
                         an empty text of MAX is NULL to it
  isql                   FreeTDS's ODBC driver behind unixODBC: all types; sp_prepexec; shows 300 bytes of a value
  tedious                shares nothing with FreeTDS: all types, sp_executesql, sp_prepare, TDS 8.0, attentions, routing. Not
                         NTLM: its response is one only by the older LMv2 beside it, which gss-ntlmssp does not take
  tshark                 takes the bytes apart, but for values of sql_variant (a text with a pointer to it, it thinks) and
                         SSPI tokens (whose length it doubles)"""
import datetime
import decimal
import math
import pathlib
import subprocess
import sys
import unittest
import uuid

import kdc
import sqlpeer_client as client

client.peer_process.skip_unless(client.NEEDED)

import canned  # noqa: E402
import pymssql  # noqa: E402
from result import BIGINT, BIT, GUID, NUMERIC, SMALLDATETIME, VARIANT  # noqa: E402

FLEET = {"hosts": [{"name": "sql.example", "address": "127.0.0.31", "names": ["localhost"], "instances": [
    {"name": "MSSQLSERVER", "version": "2012"},
    {"name": "REQUIRED", "version": "2022", "encryption": "required"},
    {"name": "PLAIN", "version": "2017", "encryption": "not_supported"},
    {"name": "PLAIN2", "version": "2019", "encryption": "not_supported"},
    {"name": "OLD", "version": "2008", "tls": "1.0"},
    {"name": "STRICT", "version": "2022", "encryption": "strict"},
    {"name": "EXPIRED", "version": "2019", "certificate": "expired"},
    {"name": "MISNAMED", "version": "2019", "certificate": "misnamed"},
    {"name": "STRANGER", "version": "2019", "certificate": "stranger"}]}]}
HOST, ADDRESS = "sql.example", "127.0.0.31"
VERSION = "SELECT @@VERSION AS version"


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kdc = kdc.Kdc()
        cls.clients = client.Clients()
        cls.capture = cls.clients.folder / "packets.pcap"
        cls.peer = client.Peer(FLEET, "--keytab", cls.kdc.keytab, "--pcap", cls.capture,
                               environment={"KRB5_CONFIG": str(cls.kdc.config)})
        cls.authority = cls.peer.facts["ca_file"]
        for instance, port in cls.peer.facts["hosts"][HOST]["instances"].items():
            cls.place(instance, port)

    @classmethod
    def place(cls, instance, port, name=None, **settings):
        told = {"host": ADDRESS, "port": port, "tds_version": "7.3" if instance == "OLD" else "7.4",
                "encryption": "request" if instance == "PLAIN" else "require", "ca_file": cls.authority,
                "check_certificate_hostname": "yes"}
        cls.clients.place(name or instance, **{**told, **settings})

    @classmethod
    def tearDownClass(cls):
        cls.peer.close()
        cls.clients.close()
        cls.kdc.close()

    def setUp(self):
        self.peer.tell("trick", HOST, "honest")
        self.peer.tell("reset")

    def count(self, what, instance="MSSQLSERVER"):
        return self.peer.tell("count", f"{HOST}/{instance}").get(what, 0)


# ------------------------------------------------------------------------------ values, as each client writes them ----


def lines(output):
    """Without what clients add for the eye."""
    return [line for line in output.splitlines() if line.strip()]


def month_text(moment, seconds):
    """As Sybase's and SQL Server's own form has it."""
    text = moment.strftime("%b {day:>2} %Y {hour}:%M{rest}%p").format(
        day=moment.day, hour=moment.strftime("%I") if not seconds else f"{int(moment.strftime('%I')):>2}",
        rest=f":{moment.second:02}:{moment.microsecond // 1000:03}" if seconds else "")
    return text


def plain(value, column, null, moment):
    """A value as most clients write it."""
    if value is None:
        return null
    if isinstance(value, datetime.datetime):
        return moment(value, column)
    if isinstance(value, uuid.UUID):
        return str(value).upper()
    return str(int(value)) if column.type == BIT else str(value)


def tsql_text(value, column):
    return plain(value, column, "NULL", lambda moment, _: month_text(moment, False))


def bsqldb_text(value, column):
    if value is not None and column.size is None:
        return "0x" + str(value).encode().hex() if value else "NULL"
    return plain(value, column, "NULL", lambda moment, _: month_text(moment, True))


def isql_text(value, column):
    def written(moment, column):
        return moment.isoformat(" ", "seconds" if column.type == SMALLDATETIME else "milliseconds")
    return plain(value, column, "", written)


class Near:
    """A number of JavaScript's, which has not all of the digits."""

    def __init__(self, number):
        self.number = number

    def __eq__(self, other):
        return math.isclose(self.number, other, rel_tol=1e-14)

    def __repr__(self):
        return f"about {self.number}"


def tedious_value(value, column):
    """As it comes out of JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="milliseconds") + "Z"
    if isinstance(value, uuid.UUID):
        return str(value).upper()
    if isinstance(value, decimal.Decimal):
        return Near(value)
    if column.type == BIT:
        return bool(value)
    return str(value) if column.type == BIGINT or abs(value) >= 2**31 + 1 else value


def expected(name, text):
    """The lines of a canned result, its values apart by tabs."""
    return ["\t".join(text(value, column) for value, column in zip(row, result.columns))
            for result in canned.ALL[name] for row in result.rows]


class Results(Case):
    """Each canned result, by each client."""

    def test_pymssql(self):
        with pymssql.connect(server=ADDRESS, port=self.peer.port(HOST), user="scan", password="right", tds_version="7.3",
                             charset="UTF-8", autocommit=True) as connection:
            for name, results in canned.ALL.items():
                if name == VARIANT:
                    continue
                with self.subTest(result=name):
                    cursor = connection.cursor()
                    cursor.execute(f"EXEC canned {name}")
                    for at, result in enumerate(results):
                        self.assertTrue(at == 0 or cursor.nextset())
                        self.assertEqual([one[0] for one in cursor.description], [one.name for one in result.columns])
                        self.assertEqual(cursor.fetchall(), result.rows)
                    self.assertFalse(cursor.nextset())

    def test_tsql(self):
        for name in [name for name in canned.ALL if name != VARIANT]:
            with self.subTest(result=name):
                status, output, _ = self.clients.tsql("MSSQLSERVER", f"EXEC canned {name}")
                self.assertEqual((status, lines(output)), (0, [line for line in expected(name, tsql_text) if line.strip()]))

    def test_bsqldb(self):
        for name in [name for name in canned.ALL if name not in (VARIANT, GUID, NUMERIC)]:
            with self.subTest(result=name):
                status, output, _ = self.clients.bsqldb("MSSQLSERVER", f"EXEC canned {name}")
                self.assertEqual((status, lines(output)), (0, [line for line in expected(name, bsqldb_text) if line.strip()]))

    def shown_by_isql(self, place, name):
        """What it shows is what was sent, each value of it up to where isql leaves off."""
        status, output, _ = self.clients.isql(place, f"EXEC canned {name}")
        found, wanted = output.splitlines(), expected(name, isql_text)
        self.assertEqual((status, "".join(found[len(wanted):]).strip()), (0, ""))
        for at, line in enumerate(wanted):
            for shown, sent in zip(found[at].split("\t"), line.split("\t"), strict=True):
                if shown.endswith("..."):
                    shown = shown[:-3].rstrip("\ufffd")
                    self.assertTrue(name == VARIANT or len(shown) > 200)
                    sent = sent[:len(shown)]
                self.assertEqual(shown, sent)

    def test_isql(self):
        for name in canned.ALL:
            with self.subTest(result=name):
                self.shown_by_isql("MSSQLSERVER", name)
        self.assertEqual(self.count("sp_prepexec"), len(canned.ALL))

    def test_an_older_server(self):
        """TDS 7.3 over TLS 1.0, with rows of NBCROW."""
        for name in ("wide", "datetime", "nvarchar_max"):
            self.shown_by_isql("OLD", name)
        self.assertEqual(self.count("TLSv1", "OLD"), 3)

    def test_small_packets_and_large_ones(self):
        for size in (512, 32000):
            self.place("MSSQLSERVER", self.peer.port(HOST), name=f"size{size}", initial_block_size=size)
            for name in ("nvarchar_max", "many"):
                _, output, _ = self.clients.tsql(f"size{size}", f"EXEC canned {name}")
                self.assertEqual(lines(output), expected(name, tsql_text))


class Logins(Case):
    def test_the_version_is_that_of_the_instance(self):
        for instance, build in (("MSSQLSERVER", "11.0."), ("OLD", "10.0."), ("REQUIRED", "16.0."), ("PLAIN", "14.0.")):
            status, output, _ = self.clients.tsql(instance, VERSION)
            self.assertEqual(status, 0)
            self.assertIn(build, output)

    def test_only_the_login_is_encrypted_where_neither_end_wants_more(self):
        self.place("MSSQLSERVER", self.peer.port(HOST), name="login-only", encryption="request")
        self.assertEqual(self.clients.isql("login-only", "EXEC canned two")[0], 0)
        counts = self.peer.tell("count", f"{HOST}/MSSQLSERVER")
        self.assertEqual((counts["handshakes"], counts["logins"]), (1, 1))

    def test_who_can_not_encrypt_is_no_place_for_a_client_that_must(self):
        self.place("PLAIN", self.peer.port(HOST, "PLAIN"), name="must", encryption="require")
        self.assertNotEqual(self.clients.isql("must", VERSION)[0], 0)
        self.assertEqual(self.count("logins", "PLAIN"), 0)

    def test_certificates_that_are_not_good_are_refused(self):
        for instance in ("EXPIRED", "MISNAMED", "STRANGER"):
            self.assertNotEqual(self.clients.isql(instance, VERSION)[0], 0, instance)
            self.assertEqual(self.count("logins", instance), 0)
        for instance in ("EXPIRED", "MISNAMED"):  # for that reason
            self.place(instance, self.peer.port(HOST, instance), name=f"any{instance}", ca_file="",
                       check_certificate_hostname="no")
            self.assertEqual(self.clients.isql(f"any{instance}", VERSION)[0], 0, instance)

    def test_a_wrong_password_is_18456(self):
        _, _, said = self.clients.tsql("MSSQLSERVER", VERSION, password="wrong")
        self.assertIn("Msg 18456 (severity 14, state 1)", said)
        self.assertIn("Login failed for user 'scan'.", said)
        self.assertEqual((self.count("logins"), self.count("refused")), (1, 1))

    def test_ntlm(self):
        status, output, _ = self.clients.tsql("MSSQLSERVER", VERSION, user="CORP\\scan")
        self.assertEqual(status, 0)
        self.assertIn("11.0.", output)
        self.assertEqual((self.count("ntlm"), self.count("refused")), (1, 0))
        self.assertEqual(self.clients.isql("REQUIRED", VERSION, user="CORP\\scan")[0], 0)
        _, _, said = self.clients.tsql("MSSQLSERVER", VERSION, user="CORP\\scan", password="wrong")
        self.assertIn("Msg 18452", said)

    def test_kerberos(self):
        port = self.peer.port(HOST)
        service = f"MSSQLSvc/localhost:{port}"
        self.kdc.admin("addprinc", "-randkey", service)
        self.kdc.admin("ktadd", "-k", str(self.kdc.keytab), service)
        self.place("MSSQLSERVER", port, name="kerberos", spn=service)
        cache = f"FILE:{self.kdc.folder}/cache"
        self.kdc.ticket(cache)
        told = {"KRB5_CONFIG": str(self.kdc.config), "KRB5CCNAME": cache}
        status, output, said = self.clients.isql("kerberos", VERSION, user="", **told)
        self.assertEqual(status, 0, said)
        self.assertIn("11.0.", output)
        self.assertEqual(self.count("kerberos"), 1)


class Statements(Case):
    def test_errors_are_told(self):
        self.peer.tell("trick", f"{HOST}/MSSQLSERVER", "fails:208")
        _, _, said = self.clients.tsql("MSSQLSERVER", VERSION)
        self.assertIn("Msg 208 (severity 16, state 1)", said)

    def test_an_error_between_rows(self):
        self.peer.tell("trick", f"{HOST}/MSSQLSERVER", "error-in-rows:1222")
        _, output, said = self.clients.tsql("MSSQLSERVER", "EXEC canned many")
        self.assertEqual(lines(output), ["0\trow 0"])
        self.assertIn("Msg 1222", said)

    def test_routing_is_followed(self):
        """In the clear: over TLS, FreeTDS 1.3 goes on encrypting to the new place as to the old one."""
        self.peer.tell("trick", f"{HOST}/PLAIN", f"routes:{ADDRESS}/{self.peer.port(HOST, 'PLAIN2')}")
        status, output, _ = self.clients.tsql("PLAIN", VERSION)
        self.assertEqual(status, 0)
        self.assertIn("15.0.", output)


class Tedious(Case):
    def ask(self, instance="MSSQLSERVER", **told):
        told.setdefault("statements", [{"sql": VERSION}])
        return self.clients.tedious(**{
            "server": ADDRESS, "port": self.peer.port(HOST, instance), "name": HOST, "encrypt": True, "user": "scan",
            "password": "right", "ca": pathlib.Path(self.authority).read_text(), **told})

    def version(self, **told):
        answer = self.ask(**told)
        return answer["answers"][0]["results"][0]["rows"][0][0] if "answers" in answer else answer["error"]

    def test_each_result(self):
        answer = self.ask(statements=[{"sql": f"EXEC canned {name}"} for name in canned.ALL])
        for (name, results), found in zip(canned.ALL.items(), answer["answers"], strict=True):
            with self.subTest(result=name):
                self.assertNotIn("error", found)
                self.assertEqual([[one["name"] for one in result["columns"]] for result in found["results"]],
                                 [[one.name for one in result.columns] for result in results])
                self.assertEqual([result["rows"] for result in found["results"]],
                                 [[[tedious_value(value, column) for value, column in zip(row, result.columns)]
                                   for row in result.rows] for result in results])
        self.assertIn("PRINT says this", answer["notes"])

    def test_logins(self):
        self.assertIn("16.0.", self.version(instance="REQUIRED"))
        self.assertIn("11.0.", self.version(encrypt=False))
        self.assertIn("14.0.", self.version(instance="PLAIN", encrypt=False))
        self.assertEqual(self.version(password="wrong")["message"], "Login failed for user 'scan'.")
        self.assertEqual(self.version(instance="REQUIRED", encrypt=False)["code"], "EENCRYPT")

    def test_tds_8(self):
        self.assertIn("16.0.", self.version(instance="STRICT", encrypt="strict"))
        self.assertEqual(self.count("TLSv1.3", "STRICT"), 1)
        self.assertIn("error", self.ask("STRICT"))
        self.assertIn("error", self.ask(encrypt="strict"))

    def test_certificates(self):
        for instance, said in (("EXPIRED", "expired"), ("MISNAMED", "altnames"), ("STRANGER", "certificate")):
            self.assertIn(said, self.version(instance=instance)["message"])
        self.assertEqual(self.count("logins", "MISNAMED"), 0)

    def test_parameters(self):
        given = {"a": {"type": "Int", "value": 5}, "b": {"type": "NVarChar", "value": "it's"},
                 "c": {"type": "NVarChar", "value": None}}
        for how, calls in (("execute", ["sp_executesql"]), ("prepare", ["sp_prepare", "sp_execute", "sp_unprepare"])):
            answer = self.ask(statements=[{"sql": f"{VERSION} WHERE @a = 5 OR @b = N'@a' OR @c IS NULL", "how": how,
                                           "parameters": given}])
            self.assertNotIn("error", answer["answers"][0])
            self.assertEqual([self.count(call) for call in calls], [1] * len(calls))

    def test_errors(self):
        self.peer.tell("trick", f"{HOST}/MSSQLSERVER", "fails:208")
        error = self.ask()["answers"][0]["error"]
        self.assertEqual((error["number"], error["grade"], error["state"]), (208, 16, 1))
        self.peer.tell("trick", f"{HOST}/MSSQLSERVER", "error-in-rows:1222")
        answer = self.ask(statements=[{"sql": "EXEC canned many"}, {"sql": "EXEC canned many"}])["answers"]
        for one in answer:
            self.assertEqual((one["results"][0]["rows"], one["error"]["number"]), ([[0, "row 0"]], 1222))

    def test_an_attention_ends_a_statement(self):
        self.peer.tell("trick", f"{HOST}/MSSQLSERVER", "hangs:many")
        answer = self.ask(statements=[{"sql": "EXEC canned many", "how": "cancel"}, {"sql": VERSION}])["answers"]
        self.assertEqual(answer[0]["error"]["code"], "ECANCEL")
        self.assertIn("11.0.", answer[1]["results"][0]["rows"][0][0])
        self.assertEqual(self.count("attentions"), 1)

    def test_routing_is_followed(self):
        self.peer.tell("trick", f"{HOST}/MSSQLSERVER", f"routes:{ADDRESS}/{self.peer.port(HOST, 'REQUIRED')}")
        self.assertIn("16.0.", self.version())


class Bytes(Case):
    """Has a peer, and so a capture, of its own."""

    def test_tshark_finds_nothing_malformed(self):
        for name in canned.ALL:
            if name != VARIANT:
                self.clients.isql("MSSQLSERVER", f"EXEC canned {name}")
                self.clients.tsql("PLAIN", f"EXEC canned {name}")
        self.clients.tsql("OLD", "EXEC canned wide")
        self.clients.tsql("MSSQLSERVER", VERSION, password="wrong")
        ports = self.peer.facts["hosts"][HOST]["instances"].values()
        told = [word for port in ports for word in ("-d", f"tcp.port=={port},tds")]
        frames = self.tshark(told, "tds", "-e", "tds.type")
        self.assertGreater(len(frames), 6 * len(canned.ALL))
        sent = f"ip.src == {ADDRESS} &&"  # of what FreeTDS sends, some is malformed to it (sp_prepexec)
        self.assertEqual(self.tshark(told, f"{sent} (_ws.malformed || _ws.expert || !tds)", "-e", "frame.number"), [])

    def tshark(self, told, wanted, *fields):
        """Of each frame that is wanted, what the fields say."""
        done = subprocess.run(["/usr/bin/tshark", "-n", "-r", self.capture, *told, "-Y", wanted, "-T", "fields", *fields],
                              capture_output=True, text=True, timeout=client.LONGEST, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.splitlines()


if not client.fetch_tedious():
    if client.peer_process.must_run():
        sys.exit(f"{client.TEDIOUS} is not to be had here")
    Tedious = unittest.skip(f"{client.TEDIOUS} is not to be had here")(Tedious)

if __name__ == "__main__":
    unittest.main()
