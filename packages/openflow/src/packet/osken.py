"""Reads frames as hexadecimal lines, says per line how os-ken sees them: its protocols and its own bytes of them."""
import json
import resource
import signal
import sys

from os_ken.lib.packet import packet

# Some frames make its decoders loop and grow for ever.
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
signal.alarm(20)


def protocols_of(parsed):
    return [one for one in parsed.protocols if not isinstance(one, (bytes, bytearray))]


def look(frame):
    try:
        parsed = packet.Packet(frame)
    except Exception as error:  # Its decoders throw anything, too.
        return {"protocols": [], "bytes": "error: %r" % error}
    protocols = []
    for one in parsed.protocols:
        if isinstance(one, (bytes, bytearray)):
            protocols.append({"name": "payload", "data": bytes(one).hex()})
            continue
        fields = {k: v for k, v in vars(one).items() if isinstance(v, (int, str)) and not k.startswith("_")}
        protocols.append({"name": one.protocol_name, **fields})
        # Zero makes os-ken compute the checksum instead of repeating ours. Two it cannot compute: SCTP's (it sums the
        # text of the bytes) and those behind IPv6 extension headers (it takes the first next header).
        has_extensions = any(getattr(other, "ext_hdrs", None) for other in protocols_of(parsed))
        if hasattr(one, "csum") and one.protocol_name != "sctp" and not has_extensions:
            one.csum = 0
    try:
        parsed.serialize()
        again = bytes(parsed.data).hex()
    except Exception as error:  # Its encoders throw anything.
        again = "error: %r" % error
    return {"protocols": protocols, "bytes": again}


for line in sys.stdin:
    print(json.dumps(look(bytes.fromhex(line.strip()))))
