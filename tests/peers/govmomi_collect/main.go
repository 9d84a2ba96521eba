// govmomi_collect reads properties of all virtual machines as `govc object.collect -json` does, by the same library: a
// ContainerView, a collector and a filter of its own, WaitForUpdatesEx, and all of it as JSON on standard output. (govc
// itself is in no package of Debian 12.) For muster-bench.
//
//	govmomi_collect URL CA-FILE USER PASSWORD NUMBER PROPERTY...
//
// It fails where there are not NUMBER machines.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strconv"

	"github.com/vmware/govmomi/property"
	"github.com/vmware/govmomi/session"
	"github.com/vmware/govmomi/view"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

func must(err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "govmomi_collect: %v\n", err)
		os.Exit(1)
	}
}

func login(ctx context.Context, words []string) (*vim25.Client, *session.Manager) {
	address, err := soap.ParseURL(words[0])
	must(err)
	transport := soap.NewClient(address, false)
	must(transport.SetRootCAs(words[1]))
	client, err := vim25.NewClient(ctx, transport)
	must(err)
	manager := session.NewManager(client)
	must(manager.Login(ctx, url.UserPassword(words[2], words[3])))
	return client, manager
}

func collect(ctx context.Context, client *vim25.Client, properties []string) []types.ObjectUpdate {
	machines, err := view.NewManager(client).CreateContainerView(ctx, client.ServiceContent.RootFolder,
		[]string{"VirtualMachine"}, true)
	must(err)
	defer func() { must(machines.Destroy(ctx)) }()
	filter := new(property.WaitFilter)
	filter.Add(machines.Reference(), "VirtualMachine", properties, machines.TraversalSpec())
	var all []types.ObjectUpdate
	must(property.WaitForUpdates(ctx, property.DefaultCollector(client), filter, func(updates []types.ObjectUpdate) bool {
		all = append(all, updates...)
		return !filter.Truncated
	}))
	return all
}

func main() {
	if len(os.Args) < 7 {
		must(fmt.Errorf("usage: govmomi_collect URL CA-FILE USER PASSWORD NUMBER PROPERTY"))
	}
	ctx := context.Background()
	client, manager := login(ctx, os.Args[1:5])
	machines := collect(ctx, client, os.Args[6:])
	out := bufio.NewWriter(os.Stdout)
	must(json.NewEncoder(out).Encode(machines))
	must(out.Flush())
	must(manager.Logout(ctx))
	if number, _ := strconv.Atoi(os.Args[5]); number != len(machines) {
		must(fmt.Errorf("%d machines, and not %s", len(machines), os.Args[5]))
	}
}
