#include "wsman_place.h"

#include "soap.h"
#include "text.h"
#include "wsman_space.h"
#include "xsd.h"

#include <string.h>

#define BLANKS " \t\r\n"

enum {
    START = XML_START,
    ENVELOPE,
    BODY,
    IDENTIFY,
    VENDOR,
    VERSION,
    PROTOCOL,
    ENUMERATE,
    PULL,
    CONTEXT,
    END,
    ITEMS,
    ITEM,
    RELEASE,
    ANSWER,
    INSTANCE,
    PROPERTY,
    VALUE,
    FAULT,
    CODE,
    CODE_WORD,
    SUBCODE,
    SUBCODE_WORD,
    REASON,
    REASON_TEXT,
    DETAIL,
    DETAIL_WORD,
    WINDOWS_FAULT,
    MESSAGE,
    PROVIDER,
    WMI_ERROR,
    WMI_NUMBER,
};

/* -------------------------------------------------------------------------------------------------- envelope ---- */

static bool refuse_root(void *context, const struct xml_opening *opening, struct err *err)
{
    (void)context;
    return soap_refuse_envelope(opening, "1.2", err);
}

static bool open_body(void *context, const struct xml_opening *opening, struct err *err)
{
    struct wsman_scene *scene = context;

    (void)opening;
    if (scene->body)
        return soap_refuse_second_body(err);
    scene->body = true;
    return true;
}

static bool refuse_content(void *context, const struct xml_opening *opening, struct err *err)
{
    (void)context;
    return soap_refuse_content(opening, "WS-Management", err);
}

/* What the Body holds begins. */
static bool begin(struct wsman_scene *scene, enum wsman_reply_kind kind, struct err *err)
{
    if (scene->reply.kind != WSMAN_REPLY_EMPTY)
        return soap_refuse_second_content(err);
    scene->reply.kind = kind;
    return true;
}

static bool open_identify(void *context, const struct xml_opening *opening, struct err *err)
{
    (void)opening;
    return begin(context, WSMAN_REPLY_IDENTIFY, err);
}

static bool open_enumerate(void *context, const struct xml_opening *opening, struct err *err)
{
    (void)opening;
    return begin(context, WSMAN_REPLY_ENUMERATE, err);
}

static bool open_pull(void *context, const struct xml_opening *opening, struct err *err)
{
    (void)opening;
    return begin(context, WSMAN_REPLY_PULL, err);
}

static bool open_release(void *context, const struct xml_opening *opening, struct err *err)
{
    (void)opening;
    return begin(context, WSMAN_REPLY_RELEASE, err);
}

static const char *keep(struct wsman_scene *scene, const char *text, size_t size)
{
    return size == 0 ? "" : arena_bytes(&scene->kept, text, size);
}

/* ------------------------------------------------------------------------------------ Identify, enumerations ---- */

static bool close_vendor(void *context, const char *text, size_t size, struct err *err)
{
    struct wsman_scene *scene = context;

    (void)err;
    scene->reply.vendor = keep(scene, text, size);
    return true;
}

static bool close_version(void *context, const char *text, size_t size, struct err *err)
{
    struct wsman_scene *scene = context;

    (void)err;
    scene->reply.version = keep(scene, text, size);
    return true;
}

static bool close_protocol(void *context, const char *text, size_t size, struct err *err)
{
    struct wsman_scene *scene = context;

    (void)err;
    scene->reply.protocol = keep(scene, text, size);
    return true;
}

static bool is_blank(const char *text, size_t size)
{
    return strspn(text, BLANKS) == size;
}

/* Some servers give the context once more at the end, where it is of no use. */
static bool close_context(void *context, const char *text, size_t size, struct err *err)
{
    struct wsman_scene *scene = context;

    (void)err;
    scene->reply.context = is_blank(text, size) || scene->reply.ended ? NULL : keep(scene, text, size);
    return true;
}

static bool open_end(void *context, const struct xml_opening *opening, struct err *err)
{
    struct wsman_scene *scene = context;

    (void)opening, (void)err;
    scene->reply.ended = true;
    scene->reply.context = NULL;
    return true;
}

/* ------------------------------------------------------------------------------------------------- instances ---- */

static bool open_instance(void *context, const struct xml_opening *opening, struct err *err)
{
    struct wsman_scene *scene = context;
    bool fragment = strcmp(opening->name->space, WSMAN_MANAGEMENT) == 0;

    (void)err;
    cim_gather_begin(&scene->gather, fragment ? "" : opening->name->local);
    return true;
}

/* What a Get or an Invoke brought. */
static bool open_answer(void *context, const struct xml_opening *opening, struct err *err)
{
    return begin(context, WSMAN_REPLY_ANSWER, err) && open_instance(context, opening, err);
}

static bool close_instance(void *context, const char *text, size_t size, struct err *err)
{
    struct wsman_scene *scene = context;
    const struct cim_instance *instance = cim_gather_end(&scene->gather);

    (void)text, (void)size;
    scene->reply.instances++;
    return scene->taker.take == NULL || scene->taker.take(scene->taker.context, instance, err);
}

static bool open_property(void *context, const struct xml_opening *opening, struct err *err)
{
    struct wsman_scene *scene = context;
    bool nil = false;

    xsd_bool_any_case(xml_attribute(opening, XSD_INSTANCE, "nil"), &nil);
    return cim_gather_open(&scene->gather, opening->name->local, nil, WSMAN_MAX_PROPERTIES, err);
}

static bool close_property(void *context, const char *text, size_t size, struct err *err)
{
    (void)err;
    cim_gather_close(&((struct wsman_scene *)context)->gather, text, size);
    return true;
}

static bool open_compound(void *context, const struct xml_opening *opening, struct err *err)
{
    (void)opening, (void)err;
    cim_gather_compound(&((struct wsman_scene *)context)->gather);
    return true;
}

static bool close_value(void *context, const char *text, size_t size, struct err *err)
{
    (void)err;
    cim_gather_text(&((struct wsman_scene *)context)->gather, text, size);
    return true;
}

static bool blame_instance(const void *context, struct err *err)
{
    return cim_gather_blame(&((const struct wsman_scene *)context)->gather, err);
}

/* ---------------------------------------------------------------------------------------------------- faults ---- */

static bool open_fault(void *context, const struct xml_opening *opening, struct err *err)
{
    (void)opening;
    ((struct wsman_scene *)context)->reply.fault.is = true;
    return begin(context, WSMAN_REPLY_FAULT, err);
}

/* What follows the last of a character: the local part of a QName, the end of a URI. */
static const char *behind(struct wsman_scene *scene, const char *text, char last)
{
    const char *found = strrchr(text, last);
    size_t length = 0;
    const char *bare = xsd_bare(found == NULL ? text : found + 1, &length);

    return bare == NULL ? "" : keep(scene, bare, length);
}

static bool close_code(void *context, const char *text, size_t size, struct err *err)
{
    struct wsman_scene *scene = context;

    (void)size, (void)err;
    scene->reply.fault.code = behind(scene, text, ':');
    return true;
}

static bool close_subcode(void *context, const char *text, size_t size, struct err *err)
{
    struct wsman_scene *scene = context;

    (void)size, (void)err;
    scene->reply.fault.subcode = behind(scene, text, ':');
    return true;
}

static bool close_detail(void *context, const char *text, size_t size, struct err *err)
{
    struct wsman_scene *scene = context;

    (void)size, (void)err;
    scene->reply.fault.detail = behind(scene, text, '/');
    return true;
}

/* A message from so deep inside; the deepest counts, and of equals the first. The reason is as deep as nothing. */
static void take_text(struct wsman_scene *scene, const char *text, size_t size)
{
    struct wsman_fault *fault = &scene->reply.fault;
    size_t blanks = strspn(text, BLANKS);

    while (size > blanks && strchr(BLANKS, text[size - 1]) != NULL)
        size--;
    if (size <= blanks || (*fault->text != '\0' && scene->nest <= scene->text_nest))
        return;
    fault->text = keep(scene, text + blanks, size - blanks);
    scene->text_nest = scene->nest;
}

/* The same for its number: in decimal, and by some signed. */
static void take_number(struct wsman_scene *scene, const char *text)
{
    int64_t number;

    if (!xsd_int(text, &number) || number == 0 || number < INT32_MIN || number > UINT32_MAX ||
        scene->nest <= scene->number_nest)
        return;
    scene->reply.fault.number = (uint32_t)number;
    scene->number_nest = scene->nest;
}

static bool close_message(void *context, const char *text, size_t size, struct err *err)
{
    (void)err;
    take_text(context, text, size);
    return true;
}

static bool close_number(void *context, const char *text, size_t size, struct err *err)
{
    (void)size, (void)err;
    take_number(context, text);
    return true;
}

static bool open_nest(void *context, const struct xml_opening *opening, struct err *err)
{
    struct wsman_scene *scene = context;

    (void)err;
    scene->nest++;
    take_number(scene, xml_attribute(opening, "", "Code"));
    return true;
}

static bool close_nest(void *context, const char *text, size_t size, struct err *err)
{
    struct wsman_scene *scene = context;

    (void)err;
    take_text(scene, text, size);
    scene->nest--;
    return true;
}

/* ---------------------------------------------------------------------------------------------------- limits ---- */

static bool check(const void *context, struct err *err)
{
    const struct wsman_scene *scene = context;

    if (scene->gather.arena.total > WSMAN_MAX_INSTANCE)
        return err_set(err, ERR_PROTOCOL, "the instance takes more than %u bytes", WSMAN_MAX_INSTANCE);
    if (scene->kept.total > WSMAN_MAX_INSTANCE)
        return err_set(err, ERR_PROTOCOL, "what stands around the instances takes more than %u bytes",
                       WSMAN_MAX_INSTANCE);
    return true;
}

/* ----------------------------------------------------------------------------------------------------- table ---- */

#define ANY NULL, NULL
#define WORD(what, function)                                                                                           \
    {                                                                                                                  \
        .text = what, .text_max = WSMAN_MAX_CONTEXT, .close = function                                                 \
    }
#define VALUE_OF(space)                                                                                                \
    { space, "Datetime", VALUE }, { space, "Date", VALUE }, { space, "Time", VALUE }, { space, "Interval", VALUE },    \
    {                                                                                                                  \
        space, "CIM_DateTime", VALUE                                                                                   \
    }

static const struct xml_step enumeration[] = { { WSMAN_ENUMERATION, "Items", ITEMS },
                                               { WSMAN_MANAGEMENT, "Items", ITEMS },
                                               { WSMAN_ENUMERATION, "EnumerationContext", CONTEXT },
                                               { WSMAN_ENUMERATION, "EndOfSequence", END },
                                               { WSMAN_MANAGEMENT, "EndOfSequence", END },
                                               { ANY, XML_NOWHERE } };

static const struct xml_place places[] = {
    [START] = { .steps = XML_STEPS({ SOAP_1_2, "Envelope", ENVELOPE }), .other = refuse_root },
    [ENVELOPE] = { .steps = XML_STEPS({ SOAP_1_2, "Body", BODY }) },
    /* What answers a Get or an Invoke is of a class's own namespace. SOAP's is what some servers answer Identify in. */
    [BODY] = { .steps = XML_STEPS(
                   { SOAP_1_2, "Fault", FAULT }, { WSMAN_ENUMERATION, "EnumerateResponse", ENUMERATE },
                   { WSMAN_ENUMERATION, "PullResponse", PULL }, { WSMAN_ENUMERATION, "ReleaseResponse", RELEASE },
                   { WSMAN_IDENTITY, "IdentifyResponse", IDENTIFY }, { SOAP_1_2, "IdentifyResponse", IDENTIFY },
                   { WSMAN_MANAGEMENT, "XmlFragment", ANSWER }, { SOAP_1_2, NULL, XML_NOWHERE },
                   { WSMAN_ENUMERATION, NULL, XML_NOWHERE }, { WSMAN_IDENTITY, NULL, XML_NOWHERE },
                   { WSMAN_MANAGEMENT, NULL, XML_NOWHERE }, { "", NULL, XML_NOWHERE }, { ANY, ANSWER }),
               .open = open_body,
               .other = refuse_content },
    [RELEASE] = { .open = open_release },

    [IDENTIFY] = { .steps = XML_STEPS({ WSMAN_IDENTITY, "ProductVendor", VENDOR },
                                      { WSMAN_IDENTITY, "ProductVersion", VERSION },
                                      { WSMAN_IDENTITY, "ProtocolVersion", PROTOCOL }),
                   .open = open_identify },
    [VENDOR] = WORD("the product's vendor", close_vendor),
    [VERSION] = WORD("the product's version", close_version),
    [PROTOCOL] = WORD("the protocol's version", close_protocol),

    /* DSP0226 8.4: what is optimised is of WS-Management's namespace, what is pulled of WS-Enumeration's. */
    [ENUMERATE] = { .steps = enumeration, .open = open_enumerate },
    [PULL] = { .steps = enumeration, .open = open_pull },
    [CONTEXT] = WORD("the enumeration's context", close_context),
    [END] = { .open = open_end },
    [ITEMS] = { .steps = XML_STEPS({ WSMAN_MANAGEMENT, "Item", ITEM }, { WSMAN_ADDRESSING, NULL, XML_NOWHERE },
                                   { ANY, INSTANCE }) },
    [ITEM] = { .steps = XML_STEPS({ WSMAN_ADDRESSING, NULL, XML_NOWHERE }, { ANY, INSTANCE }) },

    [ANSWER] = { .steps = XML_STEPS({ ANY, PROPERTY }), .open = open_answer, .close = close_instance },
    [INSTANCE] = { .steps = XML_STEPS({ ANY, PROPERTY }), .open = open_instance, .close = close_instance },
    /* A failover cluster tells which virtual machine is its role only in an instance in the instance. */
    [PROPERTY] = { .steps = XML_STEPS(VALUE_OF(WSMAN_CIM), VALUE_OF(""), { NULL, "VmID", VALUE }),
                   .text = "its value",
                   .text_max = WSMAN_MAX_TEXT,
                   .open = open_property,
                   .close = close_property,
                   .other = open_compound,
                   .blame = blame_instance },
    [VALUE] = { .text = "its value",
                .text_max = WSMAN_MAX_TEXT,
                .open = open_compound,
                .close = close_value,
                .blame = blame_instance },

    /* SOAP 1.2, 5.4 */
    [FAULT] = { .steps = XML_STEPS({ SOAP_1_2, "Code", CODE }, { SOAP_1_2, "Reason", REASON },
                                   { SOAP_1_2, "Detail", DETAIL }),
                .open = open_fault },
    [CODE] = { .steps = XML_STEPS({ SOAP_1_2, "Value", CODE_WORD }, { SOAP_1_2, "Subcode", SUBCODE }) },
    [CODE_WORD] = WORD("the code of a fault", close_code),
    [SUBCODE] = { .steps = XML_STEPS({ SOAP_1_2, "Value", SUBCODE_WORD }) },
    [SUBCODE_WORD] = WORD("the code of a fault", close_subcode),
    [REASON] = { .steps = XML_STEPS({ SOAP_1_2, "Text", REASON_TEXT }) },
    [REASON_TEXT] = { .text = "the reason of a fault", .text_max = WSMAN_MAX_REASON, .close = close_message },
    /* MS-WSMV 2.2.4.43. From Windows 8 and 2012 on, what WMI says comes as an MSFT_WmiError of the namespace asked. */
    [DETAIL] = { .steps = XML_STEPS({ WSMAN_MANAGEMENT, "FaultDetail", DETAIL_WORD },
                                    { WSMAN_WINDOWS_FAULT, "WSManFault", WINDOWS_FAULT },
                                    { NULL, "MSFT_WmiError", WMI_ERROR }) },
    [DETAIL_WORD] = WORD("the detail of a fault", close_detail),
    [WINDOWS_FAULT] = { .steps = XML_STEPS({ WSMAN_WINDOWS_FAULT, "Message", MESSAGE }),
                        .open = open_nest,
                        .close = close_nest },
    [MESSAGE] = { .steps = XML_STEPS({ WSMAN_WINDOWS_FAULT, "ProviderFault", PROVIDER },
                                     { WSMAN_WINDOWS_FAULT, "WSManFault", WINDOWS_FAULT }),
                  .text = "the message of a fault",
                  .text_max = WSMAN_MAX_REASON,
                  .mixed = true,
                  .close = close_message },
    [PROVIDER] = { .steps = XML_STEPS({ WSMAN_WINDOWS_FAULT, "WSManFault", WINDOWS_FAULT }),
                   .text = "the message of a fault",
                   .text_max = WSMAN_MAX_REASON,
                   .mixed = true,
                   .open = open_nest,
                   .close = close_nest },
    [WMI_ERROR] = { .steps = XML_STEPS({ NULL, "error_Code", WMI_NUMBER }, { NULL, "Message", MESSAGE }),
                    .open = open_nest,
                    .close = close_nest },
    [WMI_NUMBER] = WORD("the code of a fault", close_number),
};

const struct xml_grammar wsman_grammar = { .places = places, .check = check, .stranger = SOAP_STRANGER };
