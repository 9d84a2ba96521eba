"""The accepting end of Kerberos and NTLM, for servers of the tests: MIT's GSSAPI with gss-ntlmssp."""
import hmac
import os

KERBEROS_OID = bytes.fromhex("06092a864886f712010202")  # as a token begins with
BOUND = 2048  # GSS_C_CHANNEL_BOUND_FLAG


class Accounts:
    """Names and passwords; a domain's for NTLM (the file that gss-ntlmssp reads), and names of certificates."""

    def __init__(self, domain, passwords):
        self.domain, self.passwords = domain, passwords

    def write_ntlm(self, path):
        with open(path, "w", encoding="utf-8") as file:
            os.chmod(path, 0o600)
            for name, password in self.passwords.items():
                file.write(f"{self.domain}:{name}:{password}\n")

    def known(self, user, password):
        name = user.rpartition("\\")[2]
        held = self.passwords.get(name)
        return held is not None and hmac.compare_digest(held.encode(), password.encode())


class Acceptor:
    """The credentials of the service. Imports GSSAPI late: its environment must stand first."""

    def __init__(self, keytab):
        import gssapi
        import gssapi.raw
        self.gssapi, self.raw = gssapi, gssapi.raw
        spnego = gssapi.OID.from_int_seq("1.3.6.1.5.5.2")
        self.kerberos = gssapi.OID.from_int_seq("1.2.840.113554.1.2.2")
        ntlm = gssapi.OID.from_int_seq("1.3.6.1.4.1.311.2.2.10")
        self.negotiate = self.held(spnego)
        self.raw.set_neg_mechs(self.negotiate, [self.kerberos, ntlm] if keytab else [ntlm])
        self.only_ntlm = self.held(ntlm)
        self.only_kerberos = self.held(self.kerberos) if keytab else None

    def held(self, mechanism):
        return self.raw.acquire_cred(None, usage="accept", mechs=[mechanism]).creds

    def credential(self, token):
        """For the mechanism that the first token is of: Windows takes NTLM and Kerberos without SPNEGO too."""
        if token.startswith(b"NTLMSSP\0"):
            return self.only_ntlm
        return self.only_kerberos if KERBEROS_OID in token[:20] else self.negotiate

    def binding(self, end_point):
        """What a login is bound to; end_point is the certificate's hash (RFC 5929)."""
        return self.raw.ChannelBindings(application_data=b"tls-server-end-point:" + end_point)


class Context:
    """One security context, of one connection."""

    def __init__(self, acceptor, scheme, binding):
        self.acceptor, self.raw, self.scheme, self.binding = acceptor, acceptor.raw, scheme, binding
        self.held = None
        self.context, self.done, self.user, self.bound, self.mechanism = None, False, None, False, None

    def step(self, token):
        """The next token to send; raises GSSError."""
        self.held = self.held or self.acceptor.credential(token)
        result = self.raw.accept_sec_context(token, self.held, self.context, self.binding)
        self.context = result.context
        self.done = not result.more_steps
        if self.done:
            self.user = bytes(self.raw.display_name(result.initiator_name, False).name).decode().rstrip("\0")
            self.bound = bool(int(result.flags) & BOUND)
            self.mechanism = "kerberos" if result.mech == self.acceptor.kerberos else "ntlm"
        return result.token or b""

    def seal(self, plain):
        """Header and data."""
        if self.mechanism == "ntlm":
            whole = self.raw.wrap(self.context, plain, True, None).message
            return whole[:16], whole[16:]
        kinds = self.raw.IOVBufferType
        vector = self.raw.IOV(kinds.header, plain, kinds.padding, std_layout=False)
        self.raw.wrap_iov(self.context, vector, True, None)
        header, data, padding = (part.value or b"" for part in vector)
        return header, data + padding

    def open(self, header, data):
        return self.raw.unwrap(self.context, header + data).message
