"""Between gss-ntlmssp and clients that are looser than it (FreeTDS): tokens of NTLM (MS-NLMP 2.2.1) as Windows takes and
makes them."""
NEGOTIATE, CHALLENGE = b"NTLMSSP\0\1\0\0\0", b"NTLMSSP\0\2\0\0\0"
NEGOTIATE_FLAGS, CHALLENGE_FLAGS = 12, 20  # where they are
REQUEST_TARGET, VERSION = 0x00000004, 0x02000000


def flags(token, at):
    return int.from_bytes(token[at:at + 4], "little")


def with_flags(token, at, value):
    return token[:at] + value.to_bytes(4, "little") + token[at + 4:]


class Loose:
    """A security context, whatever it is of."""

    def __init__(self, context):
        self.context, self.versions = context, True

    def step(self, token):
        """The server's names, which NTLMv2 needs, are told also to who does not ask for them; its version only to who does:
        FreeTDS says that it sends its own, too, and does not."""
        if token.startswith(NEGOTIATE):
            asked = flags(token, NEGOTIATE_FLAGS)
            self.versions = bool(asked & VERSION)
            token = with_flags(token, NEGOTIATE_FLAGS, asked | REQUEST_TARGET)
        answer = self.context.step(token)
        if answer.startswith(CHALLENGE) and not self.versions:
            answer = with_flags(answer, CHALLENGE_FLAGS, flags(answer, CHALLENGE_FLAGS) & ~VERSION)
        return answer
