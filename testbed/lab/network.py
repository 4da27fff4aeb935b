#!/usr/bin/python3
"""Builds one network in Mininet and holds it until standard input closes.

The first line of standard input is the network as JSON (see testbed/src/lab/mininet-network.ts, which writes it and
reads the answers). Every answer is one JSON object on a line of standard output. The network dies with the process
that started it, because that process holds the other end of standard input.

Mininet's own command line and its `mn -c` are never used: they end other people's processes.
"""
import json
import os
import resource
import signal
import subprocess
import sys
import time
from functools import partial

from mininet.link import Link
from mininet.log import setLogLevel
from mininet.net import Mininet
from mininet.node import Node, OVSSwitch, RemoteController

OPEN_FILES_WANTED = 16384
COMMAND_TIMEOUT_SEC = 20


def main():
    spec = json.loads(sys.stdin.readline())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    setLogLevel("error")
    raise_open_files()
    # Mininet.init() would change a dozen kernel settings of the machine for good; the lab needs none of them.
    Mininet.inited = True
    started = time.monotonic()
    net = build(spec)
    namespaces = []
    try:
        net.build()
        configure_hosts(net, spec, namespaces)
        answer("built", elapsedSec=time.monotonic() - started)
        net.start()
        limit_packet_in(spec)
        answer(
            "started",
            elapsedSec=time.monotonic() - started,
            hosts=[{"name": host["name"], "namespace": namespace_of(spec, host), "pid": net[host["node"]].pid} for host in spec["hosts"]],
            ports=openflow_ports(spec),
        )
        sys.stdin.read()
    finally:
        stopping = time.monotonic()
        for name in namespaces:
            subprocess.run(["ip", "netns", "delete", name], check=False, timeout=COMMAND_TIMEOUT_SEC)
        net.stop()
        answer("stopped", elapsedSec=time.monotonic() - stopping)


def build(spec):
    switch = partial(OVSSwitch, datapath="user", protocols="OpenFlow13", failMode="secure", reconnectms=1000)
    net = Mininet(topo=None, switch=switch, host=Node, link=Link, controller=None, build=False)
    controller = spec["controller"]
    net.addController(spec["prefix"] + "c0", controller=RemoteController, ip=controller["ip"], port=controller["port"])
    for one in spec["switches"]:
        net.addSwitch(one["bridge"], dpid=one["dpid"])
    for host in spec["hosts"]:
        net.addHost(host["node"], ip=None)
        net.addLink(
            net[host["bridge"]],
            net[host["node"]],
            port1=host["port"],
            port2=0,
            intfName1=host["device"],
            intfName2="eth0",
            addr1=host["deviceMac"],
            addr2=host["mac"],
        )
    for link in spec["links"]:
        a, b = link["a"], link["b"]
        net.addLink(
            net[a["bridge"]], net[b["bridge"]], port1=a["port"], port2=b["port"], intfName1=a["device"], intfName2=b["device"]
        )
    return net


def configure_hosts(net, spec, namespaces):
    for host in spec["hosts"]:
        name = namespace_of(spec, host)
        run(["ip", "netns", "attach", name, str(net[host["node"]].pid)])
        namespaces.append(name)
        configure_host(spec, host, name)


def configure_host(spec, host, namespace):
    """A hypervisor's address sits on a bridge with a fixed MAC: a bridge that takes its ports' lowest MAC would change
    it with the first VM, and every neighbour would hold a stale one."""
    address_device = "br0" if host["kind"] == "hypervisor" else "eth0"
    lines = ["link set lo up"]
    if host["kind"] == "hypervisor":
        lines += [
            f"link add br0 address {host['mac']} type bridge stp_state 0 mcast_snooping 0",
            "link set eth0 master br0",
        ]
    lines += ["link set eth0 up", f"link set {address_device} up", f"address replace {host['ip']} dev {address_device}"]
    for other in spec["hosts"]:
        if other["name"] != host["name"]:
            ip = other["ip"].split("/")[0]
            lines.append(f"neigh replace {ip} lladdr {other['mac']} dev {address_device} nud permanent")
    inside(namespace, ["sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"])
    inside(namespace, ["sysctl", "-qw", "net.ipv4.tcp_congestion_control=cubic"])
    run(["ip", "-n", namespace, "-batch", "-"], "\n".join(lines) + "\n")
    # The userspace datapath forwards what it gets: a checksum left to the hardware would never be filled in.
    inside(namespace, ["ethtool", "-K", "eth0", "tx", "off"])
    if host["kind"] == "client":
        shape(namespace, str(host["capacityBitsPerSec"]))


def shape(namespace, rate):
    """A client's NIC sends at its rate; a hypervisor's is shaped by its agent, which wants to be the only one."""
    run(
        ["tc", "-n", namespace, "-batch", "-"],
        f"qdisc replace dev eth0 root handle 9000: htb default 1\n"
        f"class replace dev eth0 parent 9000: classid 9000:1 htb rate {rate} ceil {rate} burst 6k cburst 6k\n",
    )


def limit_packet_in(spec):
    """A controller must not drown in packets that miss every table."""
    columns = ["controller_rate_limit=200", "controller_burst_limit=50", "max_backoff=1000"]
    command = ["ovs-vsctl", "--timeout=10"]
    for one in spec["switches"]:
        uuid = run(["ovs-vsctl", "--timeout=10", "get", "Bridge", one["bridge"], "controller"]).strip("[] \n")
        command += ["--", "set", "Controller", uuid, *columns]
    run(command)


def openflow_ports(spec):
    table = json.loads(run(["ovs-vsctl", "--timeout=10", "--format=json", "--columns=name,ofport", "list", "Interface"]))
    return [{"device": name, "portNo": number} for name, number in table["data"] if name.startswith(spec["prefix"])]


def namespace_of(spec, host):
    return f"{spec['prefix']}-{host['name']}"


def inside(namespace, command):
    return run(["ip", "netns", "exec", namespace, *command])


def run(command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=COMMAND_TIMEOUT_SEC, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def raise_open_files():
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(OPEN_FILES_WANTED, hard), hard))


def answer(event, **facts):
    print(json.dumps({"event": event, **facts}), flush=True)


if __name__ == "__main__":
    os.environ["LC_ALL"] = "C"
    main()
