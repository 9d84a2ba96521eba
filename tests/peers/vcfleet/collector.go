package main

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// PropertyCollector is the simulator's, with what a vCenter Server does and the simulator does not: results in pages,
// updates in parts, versions that count, and rights. Each session has one of its own, made from the type.
type PropertyCollector struct {
	simulator.PropertyCollector

	state   sync.Mutex
	token   int
	pages   map[string]page // that were not handed out yet
	version string          // that was handed out last
	count   int
	parts   []part // of an update that were not handed out yet
	limit   int    // objects in each of them
}

type page struct {
	objects []types.ObjectContent
	limit   int
}

type part struct {
	filter reference
	object types.ObjectUpdate
}

// era ends by the command forget-versions: no version that was handed out before is known any more.
var era int32

// takePart puts ours in the place of the simulator's.
func (f *fleet) takePart() {
	collector := &PropertyCollector{}
	collector.Self = f.content().PropertyCollector
	simulator.Map.Put(collector)
	access.takePart(f)
}

// smaller of what the server allows and the client asks for; 0 is no limit.
func smaller(ours int, theirs int32) int {
	if ours == 0 || (theirs > 0 && int(theirs) < ours) {
		return int(theirs)
	}
	return ours
}

// ---- pages

func (c *PropertyCollector) RetrievePropertiesEx(ctx *simulator.Context, r *types.RetrievePropertiesEx) soap.HasFault {
	res := c.PropertyCollector.RetrievePropertiesEx(ctx, r)
	body := res.(*methods.RetrievePropertiesExBody)
	if body.Res == nil || body.Res.Returnval == nil {
		return res
	}
	objects := body.Res.Returnval.Objects
	if ctx.Session != nil {
		objects = access.objects(objects)
	}
	c.state.Lock()
	defer c.state.Unlock()
	body.Res.Returnval = c.handOut(page{objects, smaller(flags.maxObjects, r.Options.MaxObjects)})
	return res
}

// handOut gives the first objects, and keeps the others for a token.
func (c *PropertyCollector) handOut(p page) *types.RetrieveResult {
	if p.limit <= 0 || len(p.objects) <= p.limit {
		return &types.RetrieveResult{Objects: p.objects}
	}
	if c.pages == nil {
		c.pages = map[string]page{}
	}
	token := fmt.Sprint(c.token)
	c.token++
	c.pages[token] = page{p.objects[p.limit:], p.limit}
	return &types.RetrieveResult{Objects: p.objects[:p.limit], Token: token}
}

// take gives the page of a token, which is good for once.
func (c *PropertyCollector) take(token string) (page, *soap.Fault) {
	p, ok := c.pages[token]
	if !ok {
		return p, simulator.Fault("", &types.InvalidProperty{Name: "token"})
	}
	delete(c.pages, token)
	return p, nil
}

func (c *PropertyCollector) ContinueRetrievePropertiesEx(ctx *simulator.Context, r *types.ContinueRetrievePropertiesEx) soap.HasFault {
	c.state.Lock()
	defer c.state.Unlock()
	p, fault := c.take(r.Token)
	if fault != nil {
		return &methods.ContinueRetrievePropertiesExBody{Fault_: fault}
	}
	res := &types.ContinueRetrievePropertiesExResponse{Returnval: *c.handOut(p)}
	return &methods.ContinueRetrievePropertiesExBody{Res: res}
}

func (c *PropertyCollector) CancelRetrievePropertiesEx(ctx *simulator.Context, r *types.CancelRetrievePropertiesEx) soap.HasFault {
	c.state.Lock()
	defer c.state.Unlock()
	if _, fault := c.take(r.Token); fault != nil {
		return &methods.CancelRetrievePropertiesExBody{Fault_: fault}
	}
	return &methods.CancelRetrievePropertiesExBody{Res: &types.CancelRetrievePropertiesExResponse{}}
}

// ---- updates

func (c *PropertyCollector) WaitForUpdatesEx(ctx *simulator.Context, r *types.WaitForUpdatesEx) soap.HasFault {
	if fault := c.known(r.Version); fault != nil {
		return &methods.WaitForUpdatesExBody{Fault_: fault}
	}
	if set := c.next(); r.Version != "" && set != nil {
		return &methods.WaitForUpdatesExBody{Res: &types.WaitForUpdatesExResponse{Returnval: set}}
	}
	inner := *r
	if r.Version != "" {
		inner.Version = "-" // the only one that the simulator knows
	}
	res := c.PropertyCollector.WaitForUpdatesEx(ctx, &inner)
	body := res.(*methods.WaitForUpdatesExBody)
	if r.Version == "" {
		c.listen(ctx)
	}
	if body.Res != nil && body.Res.Returnval != nil {
		c.keep(body.Res.Returnval, smaller(flags.maxUpdates, maxUpdates(r.Options)))
		body.Res.Returnval = c.next()
	}
	return res
}

func maxUpdates(options *types.WaitOptions) int32 {
	if options == nil {
		return 0
	}
	return options.MaxObjectUpdates
}

func (c *PropertyCollector) known(version string) *soap.Fault {
	c.state.Lock()
	defer c.state.Unlock()
	if version == "" {
		c.parts = nil
		return nil
	}
	if version != c.version || c.version != c.named() {
		return simulator.Fault("", &types.InvalidCollectorVersion{})
	}
	return nil
}

func (c *PropertyCollector) named() string {
	return fmt.Sprintf("%d-%d", atomic.LoadInt32(&era), c.count)
}

// listen: the simulator knows a listener by its collector's name, which is the same in each session, so that only the
// last of them would be told of changes. Ours has a name of its own.
func (c *PropertyCollector) listen(ctx *simulator.Context) {
	ctx.Map.RemoveHandler(&c.PropertyCollector)
	ctx.Map.AddHandler(&listener{&c.PropertyCollector, reference{Type: "listener", Value: fmt.Sprintf("%p", c)}})
}

type listener struct {
	*simulator.PropertyCollector
	name reference
}

func (l *listener) Reference() reference { return l.name }

// keep takes an update apart.
func (c *PropertyCollector) keep(set *types.UpdateSet, limit int) {
	c.state.Lock()
	defer c.state.Unlock()
	c.limit = limit
	for _, filter := range set.FilterSet {
		for _, object := range filter.ObjectSet {
			if update, ok := access.update(object); ok {
				c.parts = append(c.parts, part{filter.Filter, update})
			}
		}
	}
	if len(c.parts) == 0 {
		c.parts = []part{} // told as an update without objects
	}
}

// next hands out a part with the next version; nil where there is none.
func (c *PropertyCollector) next() *types.UpdateSet {
	c.state.Lock()
	defer c.state.Unlock()
	if c.parts == nil {
		return nil
	}
	n := len(c.parts)
	if c.limit > 0 && n > c.limit {
		n = c.limit
	}
	c.count++
	c.version = c.named()
	set := &types.UpdateSet{Version: c.version, Truncated: types.NewBool(n < len(c.parts))}
	for _, p := range c.parts[:n] {
		last := len(set.FilterSet) - 1
		if last < 0 || set.FilterSet[last].Filter != p.filter {
			set.FilterSet = append(set.FilterSet, types.PropertyFilterUpdate{Filter: p.filter})
			last++
		}
		set.FilterSet[last].ObjectSet = append(set.FilterSet[last].ObjectSet, p.object)
	}
	c.parts = c.parts[n:]
	if len(c.parts) == 0 {
		c.parts = nil
	}
	return set
}
