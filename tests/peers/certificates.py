"""Certificates for servers of the tests, made by openssl when they start: a CA, one below it, and whom they sign."""
import hashlib
import pathlib
import ssl
import subprocess
import tempfile

KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
LOOPBACK = "IP:127.0.0.1,DNS:localhost"


def run(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Certificate:
    """A key and a chain, each in a file of PEM; .fingerprint is of its own certificate alone, and so is .end_point: the
    hash of a channel binding (tls-server-end-point, RFC 5929), by the algorithm of its signature."""

    def __init__(self, folder, name, chain, digest="sha256"):
        self.key = folder / f"{name}.key"
        self.file = folder / f"{name}.pem"
        self.chain = folder / f"{name}.chain"
        parts = [self.file.read_text()] + [issuer.file.read_text() for issuer in chain]
        self.chain.write_text("".join(parts))
        whole = ssl.PEM_cert_to_DER_cert(parts[0])
        print256 = hashlib.sha256(whole).hexdigest().upper()
        self.fingerprint = ":".join(print256[at:at + 2] for at in range(0, len(print256), 2))
        self.end_point = hashlib.new(digest, whole).digest()

    def context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


class Maker:
    def __init__(self):
        self.held = tempfile.TemporaryDirectory(prefix="muster-certificates-")
        self.folder = pathlib.Path(self.held.name)

    def self_signed(self, name, alternatives=LOOPBACK):
        run("req", "-x509", *KEY, "-days", 30, "-subj", f"/CN={name}", "-addext", f"subjectAltName={alternatives}",
            "-keyout", self.folder / f"{name}.key", "-out", self.folder / f"{name}.pem")
        return Certificate(self.folder, name, [])

    def authority(self, name, issuer=None):
        if issuer is None:
            run("req", "-x509", *KEY, "-days", 30, "-subj", f"/CN={name}", "-keyout", self.folder / f"{name}.key",
                "-out", self.folder / f"{name}.pem")
            return Certificate(self.folder, name, [])
        return self.signed(name, issuer, extensions="basicConstraints=critical,CA:true", chain=[])

    def signed(self, name, issuer, alternatives=LOOPBACK, extensions=None, days=30, chain=None, digest="sha256"):
        request, options = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        options.write_text(extensions or f"subjectAltName={alternatives}")
        run("req", "-new", *KEY, "-subj", f"/CN={name}", "-keyout", self.folder / f"{name}.key", "-out", request)
        run("x509", "-req", "-in", request, "-CA", issuer.file, "-CAkey", issuer.key, "-CAcreateserial", "-days", days,
            "-extfile", options, "-out", self.folder / f"{name}.pem", f"-{digest}")
        return Certificate(self.folder, name, [issuer] if chain is None else chain, digest)

    def close(self):
        self.held.cleanup()
