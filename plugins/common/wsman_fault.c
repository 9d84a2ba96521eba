#include "wsman_fault.h"

#include "str.h"
#include "text.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define RIGHTS "give the account Enable Account and Remote Enable on the namespace (wmimgmt.msc, WMI Control, Security)"
#define MEMBER                                                                                                         \
    "make the account a member of Remote Management Users, or of Administrators before Server 2012: net localgroup "   \
    "\"Remote Management Users\" ACCOUNT /add"
#define MAX_WORDS 400 /* of the server, in bytes */
#define QUOTA "look at winrm get winrm/config/service on the host, and at who else asks it"

/* By the fault's number, else by its subcode (MS-ERREF; wsmerror.h; wbemcli.h; DSP0226, 14.6). */
/* clang-format off */
static const struct rule {
    uint32_t number;
    const char *subcode; /* NULL: none stands for it */
    enum wsman_meaning meaning;
    enum err_class class;
    bool passes;
    const char *remedy;
} rules[] = {
    { 0x8004100E, NULL, WSMAN_ABSENT, ERR_UNSUPPORTED, false, "the namespace is not there" },
    { 0x80041010, NULL, WSMAN_ABSENT, ERR_UNSUPPORTED, false, "the class is not there" },
    { 0x80041002, NULL, WSMAN_ABSENT, ERR_UNSUPPORTED, false, "it is not there" },
    { 0x80338000, NULL, WSMAN_ABSENT, ERR_UNSUPPORTED, false, "it is not there" },
    { 0x8033803B, NULL, WSMAN_ABSENT, ERR_UNSUPPORTED, false, "the class or namespace is not there" },
    { 0x80041003, NULL, WSMAN_REFUSED, ERR_DENIED, false, RIGHTS },
    { 0x80338104, NULL, WSMAN_REFUSED, ERR_DENIED, false, RIGHTS },
    { 0x80338105, NULL, WSMAN_REFUSED, ERR_DENIED, false, RIGHTS },
    { 5, NULL, WSMAN_REFUSED, ERR_DENIED, false, MEMBER },
    { 0x80070005, NULL, WSMAN_REFUSED, ERR_DENIED, false, MEMBER },
    { 0x80338029, "TimedOut", WSMAN_BROKEN, ERR_TIMEOUT, false, "look how busy the host is, and whether its WMI answers: "
      "winmgmt /verifyrepository" },
    { 0x8033803F, "QuotaLimit", WSMAN_BROKEN, ERR_UNREACHABLE, true, QUOTA },
    { 0x803381A6, NULL, WSMAN_BROKEN, ERR_UNREACHABLE, true, QUOTA },
    { 0x803381A7, NULL, WSMAN_BROKEN, ERR_UNREACHABLE, true, QUOTA },
    { 0x803381A8, NULL, WSMAN_BROKEN, ERR_UNREACHABLE, true, QUOTA },
    { 0x803381E7, NULL, WSMAN_BROKEN, ERR_UNREACHABLE, true, QUOTA },
    { 0x803381E8, NULL, WSMAN_BROKEN, ERR_UNREACHABLE, true, QUOTA },
    { 0x8004106C, NULL, WSMAN_BROKEN, ERR_UNREACHABLE, true, "WMI of the host has used up its quota of memory or handles "
      "(__ProviderHostQuotaConfiguration)" },
    { 0x80041033, NULL, WSMAN_BROKEN, ERR_UNREACHABLE, false, "WMI of the host is shutting down" },
    { 0x800706BA, NULL, WSMAN_BROKEN, ERR_UNREACHABLE, false, "see whether the service behind the class runs there" },
    { 0x80041017, "CannotProcessFilter", WSMAN_BROKEN, ERR_PROTOCOL, false, "this version of Windows does not know "
      "what is asked" },
    { 0, "InvalidEnumerationContext", WSMAN_BROKEN, ERR_PROTOCOL, false, "the enumeration has expired there: it was "
      "restarted, or is too busy" },
    { 0, "EncodingLimit", WSMAN_BROKEN, ERR_PROTOCOL, false, "what it has does not fit into its largest answer; on the "
      "host: winrm set winrm/config @{MaxEnvelopeSizekb=\"500\"}" },
    { 0, "AccessDenied", WSMAN_REFUSED, ERR_DENIED, false, MEMBER },
    { 0, "DestinationUnreachable", WSMAN_ABSENT, ERR_UNSUPPORTED, false, "the class or namespace is not there" },
};
/* clang-format on */

static const struct rule other = {
    0, NULL, WSMAN_BROKEN, ERR_PROTOCOL, false, "look into the log of WinRM on the host"
};

/* What a number tells that is none of these is not absence, whatever its subcode: a role would be taken for gone. */
static bool is_of(const struct rule *rule, const struct wsman_fault *fault, bool by_number)
{
    if (by_number)
        return rule->number != 0 && rule->number == fault->number;
    if (rule->meaning == WSMAN_ABSENT && fault->number != 0)
        return false;
    return rule->subcode != NULL && strcmp(rule->subcode, fault->subcode) == 0;
}

static const struct rule *rule_of(const struct wsman_fault *fault)
{
    for (int by_number = 1; by_number >= 0; by_number--) {
        for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
            if (is_of(&rules[i], fault, by_number))
                return &rules[i];
        }
    }
    return &other;
}

enum wsman_meaning wsman_fault_meaning(const struct wsman_fault *fault)
{
    return rule_of(fault)->meaning;
}

bool wsman_fault_passes(const struct wsman_fault *fault)
{
    return rule_of(fault)->passes;
}

static void add_code(struct str *out, const struct wsman_fault *fault)
{
    char quote[TEXT_QUOTE_SIZE];

    if (fault->subcode[0] != '\0' || fault->code[0] != '\0')
        str_format(out, " with %s", text_quote(quote, fault->subcode[0] != '\0' ? fault->subcode : fault->code));
    if (fault->number != 0)
        str_format(out, " (0x%08X)", (unsigned)fault->number);
}

/* The words are the server's, and may be as long as it likes: what to do must still fit. */
static void add_words(struct str *out, const struct wsman_fault *fault)
{
    struct str words = STR_EMPTY;
    size_t length;

    text_line(&words, fault->text);
    length = words.length;
    while (length > 0 && strchr(". ", words.bytes[length - 1]) != NULL)
        length--;
    if (length > 0)
        str_format(out, ", in its words: %.*s%s", (int)(length < MAX_WORDS ? length : MAX_WORDS), str_text(&words),
                   length > MAX_WORDS ? "..." : "");
    str_finish(&words);
}

bool wsman_fault_tell(const struct wsman_fault *fault, const char *server, const char *what, struct err *err)
{
    const struct rule *rule = rule_of(fault);
    struct str sentence = STR_EMPTY;

    str_format(&sentence, "%s refused %s", server, what);
    add_code(&sentence, fault);
    add_words(&sentence, fault);
    err_set(err, rule->class, "%s; %s", str_text(&sentence), rule->remedy);
    str_finish(&sentence);
    return false;
}
