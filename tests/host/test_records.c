/* Records that are too many, too large or not what they should be: what cannot be kept is left out and said, and is
 * never taken for absent. */
#include "trial.h"

static const struct trial trials[] = {
    { "ten_million_items_are_stopped", "many_items", .class = ERR_PROTOCOL,
      .words = { "more than 1000000 items in one scan" } },
    { "a_text_of_100_mb_is_left_out_and_unread", "huge_text", .good = true, .warning = "attribute note is left out",
      .why = "has 100000000 bytes, but at most 65536 are allowed" },
    { "a_record_of_100000_attributes_is_left_out", "many_attributes", .good = true, .completeness = PARTIAL,
      .warning = "this record is left out: the attribute disk.d576.size is one too many" },
    { "a_record_of_100000_links_is_left_out", "many_links", .good = true, .completeness = PARTIAL,
      .warning = "this record is left out: " },
    { "a_long_list_is_left_out_and_unread", "long_list", .good = true, .warning = "attribute list is left out",
      .why = "has 100000 elements, but at most 4096 are allowed" },
    { "a_large_list_is_left_out_and_unread", "large_list", .good = true, .warning = "attribute list is left out",
      .why = "more than the 1000000 bytes" },
    { "what_does_not_fit_into_a_record_is_left_out_and_unread", "large_item", .good = true,
      .warning = "attribute text19 is left out", .why = "would make the item" },
    { "a_record_with_a_long_key_is_left_out", "long_key", .good = true, .completeness = PARTIAL,
      .warning = "this record is left out: the key has 10000 bytes, but at most 1024 are allowed" },
    { "a_record_whose_key_is_not_utf8_is_left_out", "bad_key", .good = true, .completeness = PARTIAL,
      .warning = "this record is left out: the key is not valid UTF-8" },
    { "text_that_is_not_utf8_is_mended_with_a_warning", "bad_text", .good = true, .note = "caf\xEF\xBF\xBD noir",
      .warning = "attribute note holds bytes that are not UTF-8" },
    { "an_attribute_without_a_proper_name_is_left_out", "bad_name", .good = true,
      .warning = "is not a dotted name such as os.build" },
    { "of_two_records_with_one_key_the_first_is_kept", "twice", .good = true, .completeness = PARTIAL, .recorded = 1,
      .note = "the first", .warning = "came twice in one scan with different content" },
    { "a_record_that_comes_again_as_it_was_is_no_matter", "same_twice", .good = true, .recorded = 1,
      .note = "the same" },
    { "a_kind_that_is_not_in_the_table_is_left_out", "strange_kind", .good = true, .completeness = PARTIAL,
      .warning = "the kind spaceship is not in the plugin's .kinds" },
    { "a_kind_that_is_no_word_is_left_out", "bad_kind", .good = true, .completeness = PARTIAL,
      .warning = "the kind 'Virtual Machine' (15 bytes) is not a word" },
    { "an_attribute_of_the_wrong_type_is_left_out_and_unread", "wrong_type", .good = true,
      .warning = "attribute hardware.cpu_count is left out",
      .why = "the data dictionary (docs/attributes.md) says int" },
    { "a_record_that_was_never_emitted_is_told", "never_emitted", .good = true, .completeness = PARTIAL,
      .warning = "this record is left out: the plugin never emitted it" },
    { "a_record_that_was_forgotten_for_the_next_is_told", "two_open", .good = true, .completeness = PARTIAL,
      .warning = "this record is left out: the plugin started another without emitting it" },
    { "a_record_stays_whole_while_others_are_said_to_be_gone", "gone_open", .good = true, .completeness = DELTA,
      .note = "whole" },
    { "what_is_gone_is_named_by_proper_facts_only", "gone_by", .good = true, .completeness = DELTA, .note = "whole",
      .warning = "what is gone is left out: its kind, the attribute id.moref or its value" },
    { "nothing_is_gone_in_a_scan_that_is_no_delta", "gone_complete", .class = ERR_BUG,
      .words = { "named objects as gone, which only a delta scan may" } },
    { "a_flood_of_offers_ends_the_scan", "offer_flood", .class = ERR_PROTOCOL,
      .words = { "more than 10000 offers in one scan" } },
    { "a_token_that_is_too_large_is_not_kept", "large_token", .good = true,
      .warning = "a token of 1000000 bytes is not kept: 65536 are possible" },
};

int main(void)
{
    return trials_run("records", trials, sizeof trials / sizeof trials[0]);
}
