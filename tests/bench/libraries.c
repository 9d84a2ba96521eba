#include "libraries.h"

#include <curl/curl.h>
#include <expat.h>
#include <gssapi/gssapi.h>
#include <openssl/x509_vfy.h>
#include <stdbool.h>
#include <stddef.h>

#define CA_FILE "/etc/ssl/certs/ca-certificates.crt"

static X509_STORE *store;

static bool prepare_store(void)
{
    store = X509_STORE_new();
    return store != NULL && X509_STORE_load_file(store, CA_FILE) == 1;
}

static bool prepare_xml(void)
{
    static const char document[] = "<a><b c='d'>text</b></a>";
    XML_Parser parser = XML_ParserCreateNS("UTF-8", ' ');
    bool good = parser != NULL && XML_Parse(parser, document, sizeof document - 1, 1) == XML_STATUS_OK;

    XML_ParserFree(parser);
    return good;
}

static bool prepare_gssapi(void)
{
    OM_uint32 minor;
    gss_OID_set mechanisms;

    if (gss_indicate_mechs(&minor, &mechanisms) != GSS_S_COMPLETE)
        return false;
    gss_release_oid_set(&minor, &mechanisms);
    return true;
}

const char *libraries_prepare(void)
{
    if (curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK)
        return "curl cannot be initialised";
    if (!prepare_store())
        return "the CA store cannot be loaded; is ca-certificates installed?";
    if (!prepare_xml())
        return "expat does not parse";
    if (!prepare_gssapi())
        return "GSSAPI names no mechanisms";
    return NULL;
}
