"""What all servers of this process share: the fleet, certificates, accounts, tricks, counts, listeners."""
import collections
import os
import ssl
import sys
import warnings

import acceptor
import certificates
import pcap
import server
import ssrp
import tricks
import tricks_browser

OLDEST_TLS = {"1.0": ssl.TLSVersion.TLSv1, "1.1": ssl.TLSVersion.TLSv1_1, "1.2": ssl.TLSVersion.TLSv1_2,
              "1.3": ssl.TLSVersion.TLSv1_3}
STRICT_ALPN = "tds/8.0"


class World:
    def __init__(self, fleet, told, options):
        self.fleet, self.options = fleet, options
        self.delay = options.delay_ms / 1000
        self.accounts = acceptor.Accounts(options.domain, {options.username: options.password, **told.get("accounts", {})})
        self.capture = pcap.Capture(options.pcap) if options.pcap else None
        self.maker = certificates.Maker()
        self.authority, self.stranger = self.maker.authority("authority"), None
        self.made, self.contexts, self.acceptor, self.places = {}, {}, None, {}
        for host in fleet.hosts.values():
            self.prepare(host)

    @staticmethod
    def prepare(host):
        host.counts, host.down = collections.Counter(), False
        host.browser_trick = tricks_browser.browser_trick(host.settings.get("browser_trick", "honest"))
        for instance in host.instances.values():
            instance.counts, instance.open = collections.Counter(), set()
            instance.trick = tricks.named(instance.settings.get("trick", "honest"))

    def say(self, words):
        if self.options.verbose:
            print(words, file=sys.stderr, flush=True)

    # ------------------------------------------------------------------------------------------- listening ----

    async def listen(self):
        """Then self.places says where each host is, by its name."""
        self.places = {name: await self.listen_as(host) for name, host in self.fleet.hosts.items()}

    async def listen_as(self, host):
        ports = {name: await server.Listener(self, host, instance).start(instance.settings.get("port", 0))
                 for name, instance in host.instances.items()}
        browser = 0
        if host.settings.get("browser", True):
            browser = ssrp.Browser(self, host, ports, host.settings.get("browser_port", self.options.browser_port)).port
        return {"address": host.address, "browser": browser, "instances": ports}

    # ---------------------------------------------------------------------------------------- who it trusts ----

    def security_context(self):
        """For one login; GSSAPI is loaded by the first one, for its environment must stand before."""
        if self.acceptor is None:
            path = self.maker.folder / "ntlm"
            self.accounts.write_ntlm(path)
            os.environ.update(NTLM_USER_FILE=str(path), KRB5RCACHENAME="none:")
            if self.options.keytab:
                os.environ["KRB5_KTNAME"] = "FILE:" + self.options.keytab
            self.acceptor = acceptor.Acceptor(self.options.keytab)
        return acceptor.Context(self.acceptor, None, None)

    def names(self):
        """All addresses and names of the fleet, as a certificate has them."""
        hosts = self.fleet.hosts.values()
        named = {name for host in hosts for name in [host.name, *host.settings.get("names", [])]}
        return ",".join([f"IP:{one}" for one in sorted({"127.0.0.1"} | {host.address for host in hosts})]
                        + [f"DNS:{one}" for one in sorted({"localhost"} | named)])

    def certificate(self, kind):
        if kind not in self.made:
            self.made[kind] = {
                "good": lambda: self.maker.signed("sql", self.authority, self.names()),
                "expired": lambda: self.maker.signed("expired", self.authority, self.names(), days=-1),
                "misnamed": lambda: self.maker.signed("misnamed", self.authority, "DNS:other.example"),
                "selfsigned": lambda: self.maker.self_signed("SSL_Self_Signed_Fallback", self.names()),
                "stranger": lambda: self.maker.signed("stranger", self.maker.authority("strange"), self.names()),
            }[kind]()
        return self.made[kind]

    def tls_context(self, settings, strict):
        """TLS inside of TDS is 1.2 at most; settings may name one version as the only one."""
        kind, only = settings.get("certificate", "good"), settings.get("tls")
        if (kind, only, strict) not in self.contexts:
            context = self.certificate(kind).context()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                context.minimum_version = OLDEST_TLS[only or "1.2"]
                context.maximum_version = OLDEST_TLS[only or ("1.3" if strict else "1.2")]
            if only in ("1.0", "1.1"):
                context.set_ciphers("ALL:@SECLEVEL=0")
            if strict:
                context.set_alpn_protocols([STRICT_ALPN])
            self.contexts[kind, only, strict] = context
        return self.contexts[kind, only, strict]

    def close(self):
        self.maker.close()
