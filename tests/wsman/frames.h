/* Replies for tests: those in recordings/, and the frames of such as a test writes itself. */
#ifndef FRAMES_H
#define FRAMES_H

#include "recording_file.h"

/* The prefixes are Windows's own. */
#define ENVELOPE_OPEN                                                                                                  \
    "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "                                                 \
    "xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "                                                    \
    "xmlns:n=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\" "                                                   \
    "xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\" "                                                      \
    "xmlns:i=\"http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd\" "                                     \
    "xmlns:f=\"http://schemas.microsoft.com/wbem/wsman/1/wsmanfault\" "                                                \
    "xmlns:cim=\"http://schemas.dmtf.org/wbem/wscim/1/common\" "                                                       \
    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "                                                         \
    "xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Volume\"><s:Body>"
#define ENVELOPE_CLOSE "</s:Body></s:Envelope>"
#define ENVELOPE(content) ENVELOPE_OPEN content ENVELOPE_CLOSE
#define PULLED_OPEN ENVELOPE_OPEN "<n:PullResponse><n:Items>"
#define PULLED_CLOSE "</n:Items><n:EndOfSequence/></n:PullResponse>" ENVELOPE_CLOSE
#define PULLED(items) PULLED_OPEN items PULLED_CLOSE
#define VOLUME(properties) PULLED("<p:Win32_Volume>" properties "</p:Win32_Volume>")
#define FAULT(content) ENVELOPE("<s:Fault>" content "</s:Fault>")

static inline struct str recording_load(const char *name)
{
    return recording_file_load(RECORDINGS, name);
}

#endif
