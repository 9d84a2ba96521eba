/* The report as JUnit XML, for what shows the results of tests: a suite for each workload, and a case for each
 * protection that counts. What asks for action fails, unless it is exempt. What is exempt, or asks for a decision or a
 * look, is skipped, and the message says which of them: viewers show that beside what passed, and raise no alarm. */
#ifndef REPORT_JUNIT_H
#define REPORT_JUNIT_H

#include "report.h"

/* For the table of formats. The cases of each workload lie in a temporary file without a name until all are counted. */
bool report_junit_write(const struct report *report, struct err *err);

#endif
