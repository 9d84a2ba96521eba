#include "vim_request.h"

#include "utf8.h"

#include <inttypes.h>
#include <string.h>

/* ------------------------------------------------------------------------------------------------------ text ---- */

/* What XML cannot hold in any way (XML 1.0, Char), and what was no UTF-8. */
static bool is_no_character(uint32_t code)
{
    return (code < 0x20 && code != '\t' && code != '\n' && code != '\r') || (code >= 0xfffd && code <= 0xffff);
}

/* What stands for a character; NULL where it stands for itself. */
static const char *escape_of(uint32_t code)
{
    static const char *const escapes[] = {
        ['&'] = "&amp;",
        ['<'] = "&lt;",
        ['>'] = "&gt;",
        ['"'] = "&quot;",
        ['\''] = "&apos;",
        /* A reader takes a bare one for the end of a line, or for a blank. */
        ['\t'] = "&#9;",
        ['\n'] = "&#10;",
        ['\r'] = "&#13;",
    };

    if (is_no_character(code))
        return "\xef\xbf\xbd";
    return code < sizeof escapes / sizeof *escapes ? escapes[code] : NULL;
}

static void add_escaped(struct str *out, const char *text)
{
    size_t length;

    for (; *text != '\0'; text += length) {
        uint32_t code = utf8_decode(text, &length);
        const char *escape = escape_of(code);

        if (escape != NULL)
            str_add(out, escape);
        else
            str_add_bytes(out, text, length);
    }
}

/* -------------------------------------------------------------------------------------------------- elements ---- */

static void add_open(struct str *out, const char *name)
{
    str_add_char(out, '<');
    str_add(out, name);
    str_add_char(out, '>');
}

static void add_close(struct str *out, const char *name)
{
    str_add(out, "</");
    str_add(out, name);
    str_add_char(out, '>');
}

void vim_request_text(struct str *out, const char *name, const char *text)
{
    add_open(out, name);
    add_escaped(out, text);
    add_close(out, name);
}

void vim_request_int(struct str *out, const char *name, int64_t number)
{
    str_format(out, "<%s>%" PRId64 "</%s>", name, number, name);
}

void vim_request_reference(struct str *out, const char *name, const char *type, const char *moref)
{
    str_format(out, "<%s type=\"", name);
    add_escaped(out, type);
    str_add(out, "\">");
    add_escaped(out, moref);
    add_close(out, name);
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
    add_close(out, method);
    str_add(out, "</soapenv:Body></soapenv:Envelope>\n");
}

/* ------------------------------------------------------------------------------------------------------ spec ---- */

static void add_wanted(struct str *out, const struct vim_wanted *wanted)
{
    add_open(out, "propSet");
    vim_request_text(out, "type", wanted->type);
    for (size_t i = 0; i < wanted->count; i++)
        vim_request_text(out, "pathSet", wanted->paths[i]);
    add_close(out, "propSet");
}

static void add_view(struct str *out, const char *view)
{
    add_open(out, "objectSet");
    vim_request_reference(out, "obj", "ContainerView", view);
    str_add(out, "<skip>true</skip><selectSet xsi:type=\"TraversalSpec\"><name>view</name><type>ContainerView</type>"
                 "<path>view</path><skip>false</skip></selectSet>");
    add_close(out, "objectSet");
}

static void add_objects(struct str *out, const struct vim_source *source)
{
    for (size_t i = 0; i < source->count; i++) {
        add_open(out, "objectSet");
        vim_request_reference(out, "obj", source->type, source->morefs[i]);
        add_close(out, "objectSet");
    }
    /* One that has gone meanwhile is left out, instead of a fault for all. */
    str_add(out, "<reportMissingObjectsInResults>true</reportMissingObjectsInResults>");
}

void vim_request_spec(struct str *out, const char *name, const struct vim_wanted *wanted, size_t count,
                      const struct vim_source *source)
{
    add_open(out, name);
    for (size_t i = 0; i < count; i++)
        add_wanted(out, &wanted[i]);
    if (source->view != NULL)
        add_view(out, source->view);
    else
        add_objects(out, source);
    add_close(out, name);
}
