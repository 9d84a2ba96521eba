#include "soap.h"

#include "text.h"

#include <string.h>

bool soap_refuse_envelope(const struct xml_opening *opening, const char *version, struct err *err)
{
    char local[TEXT_QUOTE_SIZE], space[TEXT_QUOTE_SIZE];

    if (strcmp(opening->name->local, "Envelope") == 0)
        return err_set(err, ERR_PROTOCOL, "the reply is an Envelope of \"%s\", not one of SOAP %s",
                       text_quote(space, opening->name->space), version);
    return err_set(err, ERR_PROTOCOL, SOAP_STRANGER ", and begins with <%s>", text_quote(local, opening->name->local));
}

bool soap_refuse_content(const struct xml_opening *opening, const char *protocol, struct err *err)
{
    char local[TEXT_QUOTE_SIZE], space[TEXT_QUOTE_SIZE];

    return err_set(err, ERR_PROTOCOL, "the SOAP message's Body holds <%s> of \"%s\", not a reply of %s",
                   text_quote(local, opening->name->local), text_quote(space, opening->name->space), protocol);
}

bool soap_refuse_second_body(struct err *err)
{
    return err_set(err, ERR_PROTOCOL, "the SOAP message has more than one Body");
}

bool soap_refuse_second_content(struct err *err)
{
    return err_set(err, ERR_PROTOCOL, "the SOAP message's Body holds more than one element");
}

bool soap_refuse_no_content(struct err *err)
{
    return err_set(err, ERR_PROTOCOL, "the SOAP message's Body is empty");
}
