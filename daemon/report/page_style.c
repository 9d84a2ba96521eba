/* How the page looks: light and dark, from 400 pixels on, and on paper. Letters keep a contrast of 4.5 at the least. */
#include "page.h"

static void put_colours(struct page *page)
{
    markup_put(&page->markup,
               ":root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--quiet:#57606a;--line:#d0d7de;"
               "--box:#f6f8fa;--link:#0550ae;--bad:#a40e26;--warn:#804500;--good:#116329;--bad-box:#ffebe9;"
               "--warn-box:#fff3d6;--good-box:#e3f6e8;--v1:#82071e;--v2:#8a2f9b;--v3:#b04a00;--v4:#66707a;"
               "--v5:#79b0ee;--v6:#e3b341;--v7:#c3cfbd;--v8:#8fd3a0;--ta:#fff;--tb:#111}\n"
               "@media screen and (prefers-color-scheme:dark){:root{--bg:#0f1317;--fg:#e6edf3;--quiet:#9da7b1;"
               "--line:#39414a;--box:#181d23;--link:#7ab7ff;--bad:#ff9a94;--warn:#f0b45c;--good:#6bd58a;"
               "--bad-box:#3a1719;--warn-box:#33260d;--good-box:#10301b;--v1:#ff7b72;--v2:#d2a8ff;--v3:#f0a050;"
               "--v4:#9da7b1;--v5:#3f72ad;--v6:#6e5a17;--v7:#4a5a4e;--v8:#23683a;--ta:#111;--tb:#fff}}\n");
}

static void put_text(struct page *page)
{
    markup_put(&page->markup,
               "*{box-sizing:border-box}\n"
               "html{scroll-padding-top:1rem}\n"
               "body{margin:0 auto;max-width:80rem;padding:1rem 1.5rem;background:var(--bg);color:var(--fg);"
               "font:1rem/1.45 system-ui,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,sans-serif;"
               "overflow-wrap:anywhere}\n"
               "a{color:var(--link)}\n"
               "a:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px}\n"
               ".skip,.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%%)}\n"
               ".skip:focus{position:static;width:auto;height:auto;clip-path:none}\n"
               "h1{margin:0;font-size:1.6rem;line-height:1.2}\n"
               "h2{font-size:1.3rem;margin:0 0 .5rem;line-height:1.25}\n"
               "h3{font-size:1.05rem;margin:1.2rem 0 .3rem}\n"
               "p{margin:.4rem 0}\n"
               "header p,footer,small,.quiet,.zero,.more{color:var(--quiet)}\n"
               "header p{font-size:.9rem}\n"
               "small{font-size:.88em}\n"
               "main>section{border-top:1px solid var(--line);margin-top:1.5rem;padding-top:1.2rem}\n"
               "main>section#summary{border:0;margin:0;padding:0}\n"
               "nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1rem;list-style:none;margin:.6rem 0;"
               "padding:.4rem 0;border:solid var(--line);border-width:1px 0;font-size:.9rem}\n");
}

static void put_summary(struct page *page)
{
    markup_put(&page->markup,
               ".answer{font-size:1.35rem;line-height:1.3;font-weight:600;margin:.8rem 0;padding:.7rem 1rem;"
               "border-left:.4rem solid}\n"
               ".answer.bad{color:var(--bad);background:var(--bad-box)}\n"
               ".answer.warn{color:var(--warn);background:var(--warn-box)}\n"
               ".answer.good{color:var(--good);background:var(--good-box)}\n"
               ".doubt,.warn{color:var(--warn)}\n"
               ".tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:.8rem;list-style:none;"
               "margin:.8rem 0;padding:0}\n"
               ".tiles li{border:1px solid var(--line);border-top:.4rem solid;border-radius:.3rem;"
               "padding:.5rem .9rem;background:var(--box)}\n"
               ".tiles a{display:block;color:inherit}\n"
               ".tiles b{display:block;font-size:2rem;line-height:1.1}\n"
               ".tiles .act{border-top-color:var(--v1)}\n"
               ".tiles .decide{border-top-color:var(--v3)}\n"
               ".tiles .look{border-top-color:var(--v5)}\n"
               ".tiles .nothing{border-top-color:var(--v8)}\n"
               ".boxes{display:flex;flex-wrap:wrap;gap:.8rem}\n"
               ".boxes>*{flex:1 1 20rem}\n"
               ".column{display:flex;flex-direction:column;gap:.8rem}\n"
               ".box{border:1px solid var(--line);border-radius:.3rem;padding:.7rem 1rem}\n"
               ".box h2{font-size:1rem}\n"
               ".box ul,.box ol{margin:0;padding-left:1.2rem}\n"
               ".box li{margin:.15rem 0}\n"
               ".begin small{display:block}\n"
               ".proof{margin:.8rem 0 0;padding:.5rem 1rem;border:1px solid var(--line);border-radius:.3rem}\n");
}

static void put_charts(struct page *page)
{
    markup_put(&page->markup,
               ".charts{columns:2 22rem;column-gap:2.5rem}\n"
               ".chart{margin:0;padding-bottom:1.2rem;break-inside:avoid}\n"
               ".chart>svg{display:block;width:100%%;height:auto;margin:.4rem 0}\n"
               "figcaption{font-weight:600}\n"
               "svg text{fill:var(--fg);font:12px system-ui,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,"
               "sans-serif}\n"
               ".v1{fill:var(--v1)}.v2{fill:var(--v2)}.v3{fill:var(--v3)}.v4{fill:var(--v4)}.v5{fill:var(--v5)}"
               ".v6{fill:var(--v6)}.v7{fill:var(--v7)}.v8{fill:var(--v8)}\n"
               ".v1 text,.v2 text,.v3 text,.v4 text{fill:var(--ta)}\n"
               ".v5 text,.v6 text,.v7 text,.v8 text{fill:var(--tb)}\n"
               ".grid{stroke:var(--line)}\n"
               "polyline{fill:none;stroke-width:2}\n"
               ".line-act{stroke:var(--v1);stroke-width:3}\n"
               ".line-decide{stroke:var(--v3);stroke-dasharray:6 3}\n"
               ".line-look{stroke:var(--link);stroke-dasharray:2 3}\n"
               ".legend{display:flex;flex-wrap:wrap;gap:.1rem 1rem;list-style:none;margin:.3rem 0;padding:0;"
               "font-size:.9rem}\n"
               ".key{width:.8rem;height:.8rem;margin-right:.35rem;vertical-align:-.05rem}\n"
               ".key.wide{width:2rem}\n"
               "summary{cursor:pointer;color:var(--link);font-size:.9rem}\n");
}

static void put_tables(struct page *page)
{
    markup_put(&page->markup,
               "table{width:100%%;border-collapse:collapse;margin:.6rem 0 1rem;font-size:.92rem}\n"
               "caption{text-align:left;font-weight:600;padding:.3rem 0}\n"
               "th,td{text-align:left;vertical-align:top;padding:.35rem .8rem .35rem 0;"
               "border-bottom:1px solid var(--line)}\n"
               "thead th{color:var(--quiet);font-size:.92em;border-bottom-width:2px}\n"
               "tbody th{font-weight:600;min-width:7rem}\n"
               "td:not(.n){min-width:5.5rem}\n"
               "th small,td small{display:block;font-weight:400}\n"
               "td p{margin:.2rem 0}\n"
               ".n+td,.n+th{padding-left:.8rem}\n"
               "thead th,.verdict,time{overflow-wrap:normal;white-space:nowrap}\n"
               ".group table,#changes table{table-layout:fixed}\n"
               ".group th:nth-child(2){width:27%%}\n"
               ".group th:nth-child(3){width:36%%}\n"
               ".group th:nth-child(4){width:15%%}\n"
               "#changes th:nth-child(2){width:22%%}\n"
               "#changes th:nth-child(3),#changes th:nth-child(4){width:12%%}\n"
               "#changes th:nth-child(5){width:13%%}\n"
               "#changes th:nth-child(6){width:25%%}\n"
               ".n{text-align:right;font-variant-numeric:tabular-nums}\n"
               ".list{display:flex;flex-wrap:wrap;gap:.1rem 1.4rem;list-style:none;margin:.3rem 0 1rem;"
               "padding:0}\n"
               "code{font:.92em ui-monospace,Consolas,\"DejaVu Sans Mono\",monospace;word-break:break-all}\n"
               "cite{font-style:normal}\n"
               ".verdict.unsupported,.verdict.contradictory{color:var(--bad)}\n"
               ".verdict.unlisted,.verdict.unknown,.verdict.conditional,.verdict.deprecated{color:var(--warn)}\n"
               ".verdict.supported{color:var(--good)}\n"
               ".group{border:1px solid var(--line);border-left:.3rem solid var(--quiet);border-radius:.3rem;"
               "margin:1rem 0;padding:.6rem 1rem}\n"
               "#act .group,#lost .group,#ruling .group{border-left-color:var(--v1)}\n"
               "#decide .group,#scope-lost .group,#conditions .group,#deprecated .group{border-left-color:var(--v3)}\n"
               "#look .group,#absence .group,#other .group{border-left-color:var(--v5)}\n"
               "#gained .group{border-left-color:var(--v8)}\n"
               ".group h3{margin:0}\n"
               ".group dl,.words{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;"
               "margin:.4rem 0}\n"
               "dt{font-weight:600}\n"
               "dd{margin:0}\n"
               "footer{border-top:1px solid var(--line);margin-top:2rem;font-size:.9rem}\n");
}

static void put_narrow(struct page *page)
{
    markup_put(&page->markup, "@media(max-width:40rem){body{padding:.8rem}\n"
                              ".tiles{grid-template-columns:1fr 1fr}\n"
                              ".group{padding:.5rem .6rem}\n"
                              ".group dl,.words{display:block}\n"
                              "dd{margin:0 0 .4rem}\n"
                              ".answer{font-size:1.15rem}}\n"
                              "@media screen and (max-width:40rem){thead{position:absolute;width:1px;height:1px;"
                              "overflow:hidden;clip-path:inset(50%%)}\n"
                              "table,caption,tbody,tr,tbody th,td{display:block}\n"
                              "tr{border-bottom:1px solid var(--line);padding:.4rem 0}\n"
                              "tbody th,td,.n+td{border:0;padding:.15rem 0}\n"
                              "td.n{text-align:left}\n"
                              "td.zero{display:none}\n"
                              "td::before{content:attr(data-label) \": \";color:var(--quiet);font-size:.85rem}\n"
                              "td small,td p{margin-left:.8rem}}\n");
}

static void put_paper(struct page *page)
{
    markup_put(&page->markup, "@media print{@page{margin:14mm}\n"
                              ":root{color-scheme:light}\n"
                              "body{padding:0;max-width:none;font-size:9.5pt}\n"
                              "nav,.skip,footer,summary{display:none}\n"
                              "a{color:inherit;text-decoration:none}\n"
                              "table,dl,.legend{font-size:8.5pt}\n"
                              ".charts{columns:auto}\n"
                              ".chart>svg{max-width:12cm}\n"
                              "svg,.tiles li,.answer{-webkit-print-color-adjust:exact;print-color-adjust:exact}\n"
                              "h2,h3,caption,thead,figcaption,.group>p,.group>dl{break-after:avoid}\n"
                              "tr,figure,.box,.tiles,.group>dl{break-inside:avoid}\n"
                              "thead{display:table-header-group}\n"
                              "details::details-content{content-visibility:visible;block-size:auto}}\n");
}

static void put_style(struct page *page)
{
    put_colours(page);
    put_text(page);
    put_summary(page);
    put_charts(page);
    put_tables(page);
    put_narrow(page);
    put_paper(page);
}

void page_open(struct page *page, const char *title, const char *version)
{
    markup_put(&page->markup,
               "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
               "base-uri 'none'; form-action 'none'\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"muster %s\">\n"
               "<title>%s</title>\n<style>\n",
               version, title);
    put_style(page);
    markup_put(&page->markup, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the report</a>\n");
}
