package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// front stands before the simulator: it counts requests by method, answers some with a fault, and cuts one off.
type front struct {
	sync.Mutex
	steady sync.RWMutex // held by each answer, and by a command alone
	server *simulator.Server
	inner  http.Handler
	counts map[string]int
	spent  map[string]time.Duration // by method, until its reply was handed over
	faults map[string]fault         // by method
	cut    string                   // the method whose reply is cut off, together with all sessions
	after  int                      // after how many of its requests
}

type fault struct{ kind, text string }

func newFront(server *simulator.Server) *front {
	f := &front{server: server, inner: server.Config.Handler, counts: map[string]int{}, spent: map[string]time.Duration{},
		faults: map[string]fault{}}
	server.Config.Handler = f
	return f
}

// The first element of the body, whatever its prefix; and whether updates are told at once.
var (
	methodName = regexp.MustCompile(`<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)`)
	atOnce     = regexp.MustCompile(`<(?:\w+:)?maxWaitSeconds[^>]*>0<`)
)

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client went
	}
	method := r.Method
	if found := methodName.FindSubmatch(body); found != nil {
		method = string(found[1])
	}
	defer f.spend(method, time.Now())
	wrong, cut := f.note(method)
	if wrong != nil {
		answerFault(w, *wrong)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	f.deliver(w, f.answer(r, strings.HasPrefix(method, "WaitForUpdates") && !atOnce.Match(body)), cut)
}

// answer lets the simulator answer while no command changes the fleet; one that waits for changes is no hindrance.
func (f *front) answer(r *http.Request, waits bool) *httptest.ResponseRecorder {
	if !waits {
		f.steady.RLock()
		defer f.steady.RUnlock()
	}
	whole := httptest.NewRecorder()
	f.inner.ServeHTTP(whole, r)
	return whole
}

// deliver writes an answer; one that is cut off ends in its middle, as that of a server that is restarted.
func (f *front) deliver(w http.ResponseWriter, whole *httptest.ResponseRecorder, cut bool) {
	for name, values := range whole.Header() {
		w.Header()[name] = values
	}
	reply := whole.Body.Bytes()
	if flags.xsi {
		reply = withXsi(reply)
	}
	if cut {
		w.Header().Set("Content-Length", fmt.Sprint(len(reply)))
		reply = reply[:len(reply)/2]
	}
	w.WriteHeader(whole.Code)
	_, _ = w.Write(reply)
	if !cut {
		return
	}
	if flusher, ok := w.(http.Flusher); ok {
		flusher.Flush()
	}
	expireSessions()
	panic(http.ErrAbortHandler)
}

// withXsi writes types by the prefix that the envelope declares, where the simulator declares another one each time.
func withXsi(reply []byte) []byte {
	reply = bytes.ReplaceAll(reply, []byte(` xmlns:XMLSchema-instance="http://www.w3.org/2001/XMLSchema-instance"`), nil)
	return bytes.ReplaceAll(reply, []byte("XMLSchema-instance:type="), []byte("xsi:type="))
}

func (f *front) note(method string) (wrong *fault, cut bool) {
	f.Lock()
	defer f.Unlock()
	f.counts[method]++
	if one, ok := f.faults[method]; ok {
		return &one, false
	}
	if method == f.cut {
		f.after--
		cut = f.after <= 0
		if cut {
			f.cut = ""
		}
	}
	return nil, cut
}

func (f *front) spend(method string, begun time.Time) {
	f.Lock()
	defer f.Unlock()
	f.spent[method] += time.Since(begun)
}

func answerFault(w http.ResponseWriter, one fault) {
	if status, err := strconv.Atoi(one.kind); err == nil { // of HTTP
		http.Error(w, one.text, status)
		return
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(http.StatusInternalServerError)
	fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<soapenv:Body><soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>%s</faultstring>
<detail><%sFault xmlns="urn:vim25" xsi:type="%s"></%sFault></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>`,
		escape(one.text), one.kind, one.kind, one.kind)
}

func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// ---- sessions

func sessions() []types.UserSession {
	reader := &simulator.Session{Registry: simulator.NewRegistry()}
	return reader.Get(simulator.Map.SessionManager().Self).(*simulator.SessionManager).SessionList
}

func expireSessions() int {
	var keys []string
	for _, session := range sessions() {
		keys = append(keys, session.Key)
	}
	context := &simulator.Context{Session: &simulator.Session{}, Map: simulator.Map}
	simulator.Map.SessionManager().TerminateSession(context, &types.TerminateSession{SessionId: keys})
	return len(keys)
}
