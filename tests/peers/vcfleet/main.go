// vcfleet: a vCenter Server (or a stand-alone ESXi host) for tests, on the vSphere API simulator of govmomi, with a
// fleet that is varied. It prints one line of JSON when it is ready, then answers commands on its standard input, one a
// line, with one line of JSON each (commands.go), and ends when its standard input does.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net/url"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/vmware/govmomi/simulator"
)

var flags struct {
	datacenters, clusters, hosts, standalone, datastores, machines, apps int
	esx, plain, xsi, verbose                                             bool
	listen, username, password, folder                                   string
	seed                                                                 string
	maxObjects, maxUpdates                                               int
}

func parse() {
	flag.IntVar(&flags.datacenters, "dc", 1, "datacenters")
	flag.IntVar(&flags.clusters, "cluster", 1, "clusters in each datacenter")
	flag.IntVar(&flags.hosts, "host", 3, "hosts in each cluster")
	flag.IntVar(&flags.standalone, "standalone-host", 1, "hosts outside clusters in each datacenter")
	flag.IntVar(&flags.datastores, "ds", 3, "datastores in each datacenter")
	flag.IntVar(&flags.machines, "vm", 10, "virtual machines in each cluster, vApp and stand-alone host")
	flag.IntVar(&flags.apps, "app", 1, "vApps in each cluster")
	flag.BoolVar(&flags.esx, "esx", false, "a stand-alone ESXi host instead of a vCenter Server")
	flag.BoolVar(&flags.plain, "plain", false, "leave the objects as the simulator makes them")
	flag.BoolVar(&flags.xsi, "xsi", false, "write types as a real server does: xsi:type, declared once")
	flag.BoolVar(&flags.verbose, "v", false, "the simulator's own log on standard error")
	flag.StringVar(&flags.listen, "listen", "127.0.0.1:0", "address and port")
	flag.StringVar(&flags.username, "username", "muster@vsphere.local", "the account that may log in")
	flag.StringVar(&flags.password, "password", "word of mouth", "its password")
	flag.StringVar(&flags.seed, "seed", "1", "another one gives other UUIDs")
	flag.IntVar(&flags.maxObjects, "max-objects", 0, "objects in a page at most, whatever is asked for; 0: all")
	flag.IntVar(&flags.maxUpdates, "max-updates", 0, "objects in an update at most, whatever is asked for; 0: all")
	flag.Parse()
	if flag.NArg() > 0 {
		fail("what is '%s' for?", flag.Arg(0))
	}
}

func fail(format string, arguments ...interface{}) {
	fmt.Fprintf(os.Stderr, "vcfleet: "+format+"\n", arguments...)
	os.Exit(1)
}

// The simulator keeps a file or two for each of its own machines: in a folder of ours, so that all of it goes with us.
func makeFolder() func() {
	folder, err := os.MkdirTemp("", "vcfleet-")
	if err != nil {
		fail("no folder for the simulator's files: %v", err)
	}
	flags.folder = folder
	os.Setenv("TMPDIR", folder)
	var once sync.Once
	return func() { once.Do(func() { os.RemoveAll(folder) }) }
}

func model() *simulator.Model {
	m := simulator.VPX()
	if flags.esx {
		m = simulator.ESX()
	} else {
		m.Datacenter, m.Cluster, m.ClusterHost, m.Host = flags.datacenters, flags.clusters, flags.hosts, flags.standalone
		m.App = flags.apps
	}
	m.Datastore = flags.datastores
	m.Machine = 1 // the others are copies of these: fleet.go
	if flags.machines == 0 {
		m.Machine = 0
	}
	return m
}

func say(line map[string]interface{}) {
	text, err := json.Marshal(line)
	if err != nil {
		fail("an answer is no JSON: %v", err)
	}
	fmt.Printf("%s\n", text)
}

func main() {
	parse()
	if !flags.verbose {
		log.SetOutput(io.Discard)
	}
	remove := makeFolder()
	defer remove()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	go func() {
		<-stop
		remove()
		os.Exit(0)
	}()

	m := model()
	if err := m.Create(); err != nil {
		remove()
		fail("the simulator made no fleet: %v", err)
	}
	fleet := newFleet(m)
	fleet.takePart()
	certificate, fingerprint := newCertificate()
	m.Service.TLS = certificate
	m.Service.Listen = &url.URL{Host: flags.listen, User: url.UserPassword(flags.username, flags.password)}
	server := m.Service.NewServer()
	front := newFront(server)
	say(map[string]interface{}{
		"url": "https://" + server.Listener.Addr().String(), "fingerprint": fingerprint, "ca_file": caFile(server),
		"pid": os.Getpid(), "machines": len(machines()), "username": flags.username, "password": flags.password,
	})

	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		say(obey(fleet, front, lines.Text()))
	}
}
