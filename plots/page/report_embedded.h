// SPDX-License-Identifier: MIT
//
// Files that are part of the library: embed_text.py makes the texts.
#ifndef SERIALBENCH_REPORT_EMBEDDED_H
#define SERIALBENCH_REPORT_EMBEDDED_H

extern const char report_css[];
extern const char report_js[];
extern const char report_js_sha256[]; /* in base64 */
extern const char report_method_html[];

#endif /* SERIALBENCH_REPORT_EMBEDDED_H */
