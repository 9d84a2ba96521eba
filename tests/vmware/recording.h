/* Replies for tests: those in recordings/, and the frames of such as a test writes itself. */
#ifndef RECORDING_H
#define RECORDING_H

#include "recording_file.h"

#define ENVELOPE(content)                                                                                              \
    "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "                                               \
    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><s:Body>" content "</s:Body></s:Envelope>"
#define REPLY(method, content)                                                                                         \
    ENVELOPE("<" method "Response xmlns=\"urn:vim25\"><returnval>" content "</returnval></" method "Response>")
#define RETRIEVED(content) REPLY("RetrievePropertiesEx", content)
#define UPDATED(content) REPLY("WaitForUpdatesEx", content)
#define FAULT(content) ENVELOPE("<s:Fault><faultcode>ServerFaultCode</faultcode>" content "</s:Fault>")

static inline struct str recording_load(const char *name)
{
    return recording_file_load(RECORDINGS, name);
}

static inline const char *recording_next(const char *name)
{
    return recording_file_next(RECORDINGS, name);
}

#endif
