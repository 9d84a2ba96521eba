#include "vim_request.h"

#include "xml_write.h"

#include <inttypes.h>

/* -------------------------------------------------------------------------------------------------- elements ---- */

void vim_request_text(struct str *out, const char *name, const char *text)
{
    xml_element(out, name, text);
}

void vim_request_int(struct str *out, const char *name, int64_t number)
{
    str_format(out, "<%s>%" PRId64 "</%s>", name, number, name);
}

void vim_request_reference(struct str *out, const char *name, const char *type, const char *moref)
{
    str_format(out, "<%s type=\"", name);
    xml_escape(out, type);
    str_add(out, "\">");
    xml_escape(out, moref);
    xml_close(out, name);
}

void vim_request_open(struct str *out, const char *method, const char *type, const char *moref)
{
    str_format(out,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" "
               "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" "
               "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body><%s xmlns=\"urn:vim25\">",
               method);
    vim_request_reference(out, "_this", type, moref);
}

void vim_request_close(struct str *out, const char *method)
{
    xml_close(out, method);
    str_add(out, "</soapenv:Body></soapenv:Envelope>\n");
}

/* ------------------------------------------------------------------------------------------------------ spec ---- */

static void add_wanted(struct str *out, const struct vim_wanted *wanted)
{
    xml_open(out, "propSet");
    vim_request_text(out, "type", wanted->type);
    for (size_t i = 0; i < wanted->count; i++)
        vim_request_text(out, "pathSet", wanted->paths[i]);
    xml_close(out, "propSet");
}

static void add_view(struct str *out, const char *view)
{
    xml_open(out, "objectSet");
    vim_request_reference(out, "obj", "ContainerView", view);
    str_add(out, "<skip>true</skip><selectSet xsi:type=\"TraversalSpec\"><name>view</name><type>ContainerView</type>"
                 "<path>view</path><skip>false</skip></selectSet>");
    xml_close(out, "objectSet");
}

static void add_objects(struct str *out, const struct vim_source *source)
{
    for (size_t i = 0; i < source->count; i++) {
        xml_open(out, "objectSet");
        vim_request_reference(out, "obj", source->type, source->morefs[i]);
        xml_close(out, "objectSet");
    }
    /* One that has gone meanwhile is left out, instead of a fault for all. */
    str_add(out, "<reportMissingObjectsInResults>true</reportMissingObjectsInResults>");
}

void vim_request_spec(struct str *out, const char *name, const struct vim_wanted *wanted, size_t count,
                      const struct vim_source *source)
{
    xml_open(out, name);
    for (size_t i = 0; i < count; i++)
        add_wanted(out, &wanted[i]);
    if (source->view != NULL)
        add_view(out, source->view);
    else
        add_objects(out, source);
    xml_close(out, name);
}
