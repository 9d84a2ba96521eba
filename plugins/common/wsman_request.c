#include "wsman_request.h"

#include "soap.h"
#include "wsman_space.h"
#include "xml_write.h"
#include "xsd.h"

#define ANONYMOUS WSMAN_ADDRESSING "/role/anonymous"

/* Where a request goes: a class, or all of a namespace. */
struct goal {
    const char *space, *class; /* class NULL: any, as a query's text names it */
    const char *action;
    const char *method; /* behind the action, which is the class's then; NULL: none */
    const struct wsman_selector *keys;
    size_t key_count;
};

static void add_resource(struct str *out, const struct goal *goal)
{
    str_add(out, WSMAN_WMI);
    xml_escape(out, goal->space);
    str_add_char(out, '/');
    xml_escape(out, goal->class == NULL ? "*" : goal->class);
}

static void add_action(struct str *out, const struct goal *goal)
{
    str_add(out, "<a:Action s:mustUnderstand=\"true\">");
    if (goal->method == NULL) {
        str_add(out, goal->action);
    } else {
        add_resource(out, goal);
        str_add_char(out, '/');
        xml_escape(out, goal->method);
    }
    str_add(out, "</a:Action>");
}

static void add_keys(struct str *out, const struct goal *goal)
{
    if (goal->key_count == 0)
        return;
    xml_open(out, "w:SelectorSet");
    for (size_t i = 0; i < goal->key_count; i++) {
        str_add(out, "<w:Selector Name=\"");
        xml_escape(out, goal->keys[i].name);
        str_add(out, "\">");
        xml_escape(out, goal->keys[i].value);
        xml_close(out, "w:Selector");
    }
    xml_close(out, "w:SelectorSet");
}

static void add_timeout(struct str *out, uint32_t ms)
{
    str_format(out, "<w:OperationTimeout>PT%u", ms / 1000);
    if (ms % 1000 != 0)
        str_format(out, ".%03u", ms % 1000);
    str_add(out, "S</w:OperationTimeout>");
}

/* Up to the Body's content. */
static void begin(struct str *out, const struct wsman_header *header, const struct goal *goal)
{
    str_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<s:Envelope xmlns:s=\"" SOAP_1_2 "\" xmlns:a=\"" WSMAN_ADDRESSING "\" xmlns:n=\"" WSMAN_ENUMERATION
                 "\" xmlns:w=\"" WSMAN_MANAGEMENT "\" xmlns:m=\"" WSMAN_WINDOWS "\"><s:Header>");
    xml_element(out, "a:To", header->to);
    str_add(out, "<w:ResourceURI s:mustUnderstand=\"true\">");
    add_resource(out, goal);
    str_add(out,
            "</w:ResourceURI><a:ReplyTo><a:Address s:mustUnderstand=\"true\">" ANONYMOUS "</a:Address></a:ReplyTo>");
    add_action(out, goal);
    str_format(out, "<w:MaxEnvelopeSize s:mustUnderstand=\"true\">%u</w:MaxEnvelopeSize><a:MessageID>uuid:",
               header->max_envelope);
    xml_escape(out, header->message_id);
    str_add(out, "</a:MessageID><w:Locale xml:lang=\"en-US\" s:mustUnderstand=\"false\"/>"
                 "<m:DataLocale xml:lang=\"en-US\" s:mustUnderstand=\"false\"/>");
    add_timeout(out, header->timeout_ms);
    add_keys(out, goal);
    str_add(out, "</s:Header><s:Body>");
}

static void end(struct str *out)
{
    str_add(out, "</s:Body></s:Envelope>\n");
}

void wsman_request_identify(struct str *out)
{
    str_add(out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<s:Envelope xmlns:s=\"" SOAP_1_2 "\" xmlns:i=\"" WSMAN_IDENTITY "\"><s:Header/><s:Body><i:Identify/>");
    end(out);
}

void wsman_request_enumerate(struct str *out, const struct wsman_header *header, const char *space, const char *wql,
                             uint32_t elements)
{
    struct goal goal = { .space = space, .action = WSMAN_ENUMERATION "/Enumerate" };

    begin(out, header, &goal);
    str_format(out,
               "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>%u</w:MaxElements>"
               "<w:Filter Dialect=\"" WSMAN_WQL "\">",
               elements);
    xml_escape(out, wql);
    str_add(out, "</w:Filter></n:Enumerate>");
    end(out);
}

void wsman_request_pull(struct str *out, const struct wsman_header *header, const char *space, const char *context,
                        uint32_t elements)
{
    struct goal goal = { .space = space, .action = WSMAN_ENUMERATION "/Pull" };

    begin(out, header, &goal);
    xml_open(out, "n:Pull");
    xml_element(out, "n:EnumerationContext", context);
    str_format(out, "<n:MaxElements>%u</n:MaxElements></n:Pull>", elements);
    end(out);
}

void wsman_request_release(struct str *out, const struct wsman_header *header, const char *space, const char *context)
{
    struct goal goal = { .space = space, .action = WSMAN_ENUMERATION "/Release" };

    begin(out, header, &goal);
    xml_open(out, "n:Release");
    xml_element(out, "n:EnumerationContext", context);
    xml_close(out, "n:Release");
    end(out);
}

void wsman_request_get(struct str *out, const struct wsman_header *header, const struct wsman_object *object)
{
    struct goal goal = {
        .space = object->space,
        .class = object->class,
        .action = WSMAN_TRANSFER "/Get",
        .keys = object->keys,
        .key_count = object->key_count,
    };

    begin(out, header, &goal);
    end(out);
}

static void add_parameter(struct str *out, const struct wsman_selector *parameter)
{
    str_format(out, "<p:%s", parameter->name);
    if (parameter->value == NULL) {
        str_add(out, " xsi:nil=\"true\"/>");
        return;
    }
    str_add_char(out, '>');
    xml_escape(out, parameter->value);
    str_format(out, "</p:%s>", parameter->name);
}

void wsman_request_invoke(struct str *out, const struct wsman_header *header, const struct wsman_method *method)
{
    struct goal goal = {
        .space = method->space,
        .class = method->class,
        .method = method->name,
        .keys = method->keys,
        .key_count = method->key_count,
    };

    begin(out, header, &goal);
    str_format(out, "<p:%s_INPUT xmlns:xsi=\"" XSD_INSTANCE "\" xmlns:p=\"", method->name);
    add_resource(out, &goal);
    str_add(out, "\">");
    for (size_t i = 0; i < method->parameter_count; i++)
        add_parameter(out, &method->parameters[i]);
    str_format(out, "</p:%s_INPUT>", method->name);
    end(out);
}
