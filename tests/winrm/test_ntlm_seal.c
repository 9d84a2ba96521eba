/* What we seal by NTLM is what MS-NLMP says: first the page's own vectors, then our messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ntlm_seal.h"
#include "pair.h"

#include <stdio.h>
#include <string.h>

/* MS-NLMP 4.2.4.4: NTLMv2, client to server, the first message, "Plaintext" in UTF-16, the random session key. */
static void the_vector_of_the_page(void **state)
{
    static const unsigned char key[NTLM_KEY] = "UUUUUUUUUUUUUUUU";
    static const unsigned char expected[] = { 0x54, 0xE5, 0x01, 0x65, 0xBF, 0x19, 0x36, 0xDC, 0x99,
                                              0x60, 0x20, 0xC1, 0x81, 0x1B, 0x0F, 0x06, 0xFB, 0x5F };
    static const unsigned char expected_signature[] = { 0x01, 0,    0,    0,    0x7F, 0xB3, 0x8E, 0xC5,
                                                        0xC5, 0x5D, 0x49, 0x76, 0,    0,    0,    0 };
    unsigned char message[] = "P\0l\0a\0i\0n\0t\0e\0x\0t", signature[NTLM_SIGNATURE];
    struct ntlm_seal seal;

    (void)state;
    ntlm_seal_init(&seal, key, true, 0);
    ntlm_seal(&seal, message, sizeof message, signature);
    assert_memory_equal(message, expected, sizeof expected);
    assert_memory_equal(signature, expected_signature, NTLM_SIGNATURE);
}

static void begin(struct ntlm_seal *seal, bool client)
{
    static const struct negotiate_settings settings = {
        .mechanism = NEGOTIATE_NTLM, .host = "localhost", .user = "DOM\\scanner", .password = "secret"
    };
    unsigned char key[NTLM_KEY];

    pair_begin(&settings, "ntlm");
    acceptor_session_key(key);
    ntlm_seal_init(seal, key, client, 0);
}

static void assert_same(struct ntlm_seal *seal, const struct sealed *sealed, const char *text)
{
    unsigned char message[256] = { 0 }, signature[NTLM_SIGNATURE];
    size_t size = (size_t)snprintf((char *)message, sizeof message, "%s", text);

    ntlm_seal(seal, message, size, signature);
    assert_int_equal(sealed->header.length, NTLM_SIGNATURE);
    assert_memory_equal(sealed->header.bytes, signature, NTLM_SIGNATURE);
    assert_int_equal(sealed->data.length, size);
    assert_memory_equal(sealed->data.bytes, message, size);
}

static void what_we_seal_is_sealed_as_the_page_says(void **state)
{
    static const char *const texts[] = { "<s:Envelope/>", "x", "<s:Envelope>a longer one</s:Envelope>" };
    struct ntlm_seal seal;

    (void)state;
    begin(&seal, true);
    for (size_t i = 0; i < 3; i++) {
        struct sealed sealed = pair_client_seals(texts[i]);

        assert_same(&seal, &sealed, texts[i]);
        sealed_finish(&sealed);
    }
    pair_end();
}

static void what_the_page_seals_we_open(void **state)
{
    struct ntlm_seal seal;

    (void)state;
    begin(&seal, false);
    for (int i = 0; i < 3; i++) {
        struct sealed sealed = { STR_EMPTY, STR_EMPTY };
        unsigned char message[] = "<s:Envelope/>", signature[NTLM_SIGNATURE];

        ntlm_seal(&seal, message, sizeof message - 1, signature);
        str_add_bytes(&sealed.header, signature, sizeof signature);
        str_add_bytes(&sealed.data, message, sizeof message - 1);
        assert_true(pair_client_opens(&sealed, "<s:Envelope/>"));
        sealed_finish(&sealed);
    }
    pair_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vector_of_the_page),
        cmocka_unit_test(what_we_seal_is_sealed_as_the_page_says),
        cmocka_unit_test(what_the_page_seals_we_open),
    };

    if (acceptor_absent() != 0)
        return acceptor_absent();
    if (!negotiate_prepare(NULL))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
