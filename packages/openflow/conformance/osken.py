"""os-ken as a second implementation.

`osken.py build` prints messages that os-ken makes, one JSON object a line: version, text, hex.
`osken.py parse` reads hexadecimal messages, one a line, and prints what os-ken reads in each: {"ok": true, "json": ...}
or {"ok": false, "error": ...}. Some valid messages make os-ken loop and grow without end, so time is limited for
each message and memory for the process.
"""
import json
import logging
import resource
import signal
import struct
import sys

from os_ken.ofproto import ofproto_parser, ofproto_protocol

import osken_messages

MEMORY_BYTES_MAX = 2 << 30
SECONDS_PER_MESSAGE = 0.5
VERSIONS = (1, 3, 4, 5, 6)


class Hang(BaseException):
    """Not an Exception: os-ken must not be able to swallow it."""


def on_alarm(_signal, _frame):
    raise Hang()


def build():
    for version in VERSIONS:
        desc = ofproto_protocol.ProtocolDesc(version=version)
        for text, make in osken_messages.messages(desc):
            try:
                made = make()
                made.set_xid(0x05ce0001)
                made.serialize()
            except Exception as error:  # what os-ken cannot build is not part of the corpus
                print('not built: version %d %s: %r' % (version, text, error), file=sys.stderr)
                continue
            data = bytes(made.buf)
            print(json.dumps({'version': version, 'text': text, 'hex': data.hex()}))


def read(data):
    version, kind, length, xid = struct.unpack_from('!BBHI', data)
    desc = ofproto_protocol.ProtocolDesc(version=version)
    message = ofproto_parser.msg(desc, version, kind, length, xid, data)
    return None if message is None else exact(message.to_jsondict())


def exact(value):
    """JSON readers keep 53 bits of a number: larger ones are written as text."""
    if isinstance(value, dict):
        return {key: exact(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [exact(inner) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1 << 53:
        return str(value)
    return value


def parse():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    signal.signal(signal.SIGALRM, on_alarm)
    for line in sys.stdin:
        data = bytes.fromhex(line.strip())
        try:
            signal.setitimer(signal.ITIMER_REAL, SECONDS_PER_MESSAGE)
            answer = {'ok': True, 'json': read(data)}
            answer_text = json.dumps(answer)
        except Hang:
            answer_text = json.dumps({'ok': False, 'error': 'hangs'})
        except MemoryError:
            answer_text = json.dumps({'ok': False, 'error': 'memory'})
        except Exception as error:
            answer_text = json.dumps({'ok': False, 'error': repr(error)[:200]})
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        print(answer_text, flush=True)


if __name__ == '__main__':
    logging.disable(logging.CRITICAL)
    {'build': build, 'parse': parse}[sys.argv[1]]()
