/* Plugins that get hold of the stream and write what they want: the scan is broken, and the reason is told. */
#include "trial.h"

static const struct trial trials[] = {
    { "garbage_is_no_frame", "garbage", .class = ERR_PROTOCOL, .words = { "no frame of ours", "1347703880 bytes" } },
    { "a_message_that_was_cut_off_is_told", "half_frame", .class = ERR_BUG,
      .words = { "cut off in the middle of a message" } },
    { "an_exit_without_an_end_is_told", "no_end", .class = ERR_BUG,
      .words = { "stopped without an end, after 2 items" } },
    { "a_stream_that_the_plugin_closed_has_no_end", "close_all", .class = ERR_BUG,
      .words = { "exited with status 1 before its end" } },
    { "a_crash_after_the_end_is_a_crash", "end_crash", .class = ERR_BUG,
      .words = { "died of signal 6", "after its end" } },
    { "a_bad_status_after_the_end_is_told", "end_status", .class = ERR_BUG,
      .words = { "exited with status 7 after its end" } },
    { "a_scan_that_stays_after_its_end_is_killed", "end_hang", .order = { .deadline_ms = 300 }, .class = ERR_TIMEOUT,
      .words = { "killed at its deadline" } },
    { "a_message_after_the_end_is_refused", "end_more", .class = ERR_BUG, .words = { "a message LOG after the end" } },
    { "a_record_after_muster_end_is_refused", "after_end", .class = ERR_BUG,
      .words = { "sent a record after muster_end()" } },
    { "counts_that_lie_are_told", "lying_counts", .class = ERR_BUG,
      .words = { "it ended with 5 items by its own count, but 0 came" } },
    { "a_message_that_is_not_a_scans_to_send_is_refused", "hello", .class = ERR_PROTOCOL,
      .words = { "a message HELLO, which is not a scan's to send" } },
    { "a_message_of_an_unknown_type_is_refused", "unknown_message", .class = ERR_PROTOCOL,
      .words = { "a message of type 200, which there is not" } },
    { "text_that_is_not_utf8_is_refused", "bad_frame", .class = ERR_PROTOCOL,
      .words = { "a message GONE is not as it must be", "not valid UTF-8" } },
    { "a_stream_of_two_gigabytes_is_stopped", "two_gigabytes", .class = ERR_PROTOCOL,
      .words = { "more than 1GiB in one scan" } },
};

int main(void)
{
    return trials_run("streams", trials, sizeof trials / sizeof trials[0]);
}
