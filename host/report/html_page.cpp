#include "host/report/html_page.h"

#include <array>

#include <fmt/format.h>

#include "host/report/escape.h"
#include "host/report/report_text.h"

namespace matinee::host {

std::string html_header(const RunReport& report) {
  std::string html =
      fmt::format("<header>\n<p class=\"kicker\">Matinee training report</p>\n<h1>{}</h1>\n<p class=\"lead\">{}</p>\n",
                  html_escaped(report.job_name), html_escaped(summary_sentence(report)));
  html += "<dl class=\"tiles\">\n";
  for (const auto& [name, value] : facts(report)) {
    html += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, html_escaped(value));
  }
  html += "</dl>\n";
  for (const std::string& remark : report.remarks) html += fmt::format("<p>{}</p>\n", html_escaped(remark));
  return html + "</header>\n";
}

std::string report_html(const RunReport& report) {
  struct Section {
    const char *id, *title;
    std::string content;
  };
  const std::array<Section, 14> sections = {
      {{"metrics", "Metrics", html_metrics(report)},
       {"comparison", "Models compared", html_comparison(report)},
       {"sweeps", "Ratios of fusions", html_sweeps(report)},
       {"claims", "Published claims", html_claims(report)},
       {"recommendations", "Sample recommendations", html_recommendations(report)},
       {"search", "Search", html_search(report)},
       {"activity", "User activity", html_activity(report)},
       {"clusters", "Groups of users", html_clusters(report)},
       {"words", "Word vectors", html_words(report)},
       {"directors", "Directors", html_directors(report)},
       {"decoded", "Texts said again", html_decoded(report)},
       {"training", "Training", html_training(report)},
       {"data", "Data", html_data(report)},
       {"details", "Details", html_details(report)}}};
  std::string links, body;
  for (const Section& section : sections) {
    if (section.content.empty()) continue;
    links += fmt::format("<a href=\"#{}\">{}</a>\n", section.id, section.title);
    body += fmt::format("<section aria-labelledby=\"{}\">\n<h2 id=\"{}\">{}</h2>\n{}</section>\n", section.id,
                        section.id, section.title, section.content);
  }
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>{}: Matinee report</title>\n<style>\n{}</style>\n"
      "</head>\n<body>\n{}<nav aria-label=\"Sections\">\n{}</nav>\n<main>\n{}</main>\n"
      "<footer>Matinee {}. This page needs no network: everything that it shows is in it.</footer>\n</body>\n</html>\n",
      html_escaped(report.job_name), kHtmlStyle, html_header(report), links, body, html_escaped(report.engine_version));
}

}  // namespace matinee::host
