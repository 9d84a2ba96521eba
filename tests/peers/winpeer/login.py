"""Who is at the other end of a connection: Basic, a certificate, or a security context of GSSAPI (Negotiate, Kerberos),
which also seals (acceptor.py)."""
import base64

MUTUAL = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"
SCHEMES = ("Negotiate", "Kerberos", "Basic")


def kerberos_error(error):
    """The token with which Kerberos says why it refuses (KRB-ERROR); b"" where it is not Kerberos. A ticket that is not yet
    valid is what --clock-skew makes of MIT's acceptor: the client is told of a skew (37) instead (33)."""
    token = getattr(error, "token", None) or b""
    if b"\xa1\x03\x02\x01\x1e" not in token:  # msg-type 30
        return b""
    return token.replace(b"\xa6\x03\x02\x01\x21", b"\xa6\x03\x02\x01\x25")


def basic(accounts, value):
    """The user of an Authorization header's Basic; None: not known."""
    try:
        user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return None
    return user if accounts.known(user, password) else None
