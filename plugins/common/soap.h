/* What replies in SOAP envelopes have in common, of any version: what is refused, and in which words. Pure. */
#ifndef SOAP_H
#define SOAP_H

#include "err.h"
#include "xml_walk.h"

#include <stdbool.h>

#define SOAP_1_1 "http://schemas.xmlsoap.org/soap/envelope/"
#define SOAP_1_2 "http://www.w3.org/2003/05/soap-envelope"

/* What to say of a reply that is none. */
#define SOAP_STRANGER "the reply is no SOAP message, but that of a proxy or another service perhaps"

/* For a document that begins with this element, where an Envelope of that version ("1.2") should be; false. */
bool soap_refuse_envelope(const struct xml_opening *opening, const char *version, struct err *err);

/* For what a Body holds, where a reply of that protocol ("the vSphere API") should be; false. */
bool soap_refuse_content(const struct xml_opening *opening, const char *protocol, struct err *err);

/* For a second Body, a second element in one, and none at all; false. */
bool soap_refuse_second_body(struct err *err);
bool soap_refuse_second_content(struct err *err);
bool soap_refuse_no_content(struct err *err);

#endif
