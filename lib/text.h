/* Text from outside, made fit for where it goes: HTML, CSV, a terminal. No text is ever quoted for a shell.
 *
 * Input is any C string, valid UTF-8 or not; what comes out is valid UTF-8 as far as nothing else is said. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

/* For element content and quoted attribute values of HTML and of XML 1.0: what text_line escapes is shown as it shows
 * it, and so is what neither can hold (\uFFFE). */
void text_html(struct str *out, const char *text);

/* One CSV field (RFC 4180), quoted only where it must be. A field that a spreadsheet would take for a formula (it
 * starts with = + - @ TAB or CR) gets an apostrophe in front, except a plain decimal number with a sign, such as -5 or
 * +1.25. Invalid bytes become U+FFFD. */
void text_csv(struct str *out, const char *text);

/* One line that cannot harm a terminal or forge a second line: control characters, line separators, invisible and
 * direction-changing characters are shown as \n \r \t \u202E, invalid bytes as \xFF. A backslash stays as it is: the
 * result is for people, and cannot be turned back. */
void text_line(struct str *out, const char *text);

/* Whether a character is one of those that text_line escapes: a terminal acts on it, or does not show it. */
bool text_is_unseen(uint32_t code);

/* The columns that valid, printable text takes on a terminal: wide characters count 2, combining ones 0. */
size_t text_width(const char *text);

/* How many bytes of valid, printable text go on a line of so many columns: up to a blank where there is one, else as
 * many as fit, but one character at least. What follows begins behind the blanks there. */
size_t text_break(const char *text, size_t columns);

/* As text_line, in exactly that many columns: cut with an ellipsis at its end, or padded with blanks on the right. */
void text_fit(struct str *out, const char *text, size_t columns);

#define TEXT_QUOTE_SIZE 80

/* The text as text_line shows it, cut with an ellipsis to fit buffer: for naming what somebody wrote in a sentence.
 * Returns buffer, so that it can stand in an argument list. */
const char *text_quote(char buffer[TEXT_QUOTE_SIZE], const char *text);

/* The candidate that the name is a likely slip of ("hots" for "host"), NULL where none is near enough. The first of
 * equally near ones wins. Cheap for names of any length: what is longer than 64 bytes is near to nothing. */
const char *text_nearest(const char *name, const char *const *candidates, size_t count);

#endif
