#include "host/report/nearest_table.h"

#include <fmt/format.h>

#include "host/report/escape.h"

namespace matinee::host {

std::string html_nearest(const std::string& caption, const std::string& head, const std::string& nearest_head,
                         const std::vector<NearestNames>& names) {
  if (names.empty()) return "";
  std::string html = fmt::format(
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">\n<table>\n<caption>{}</caption>\n<thead>"
      "<tr><th scope=\"col\">{}</th><th scope=\"col\" class=\"text\">{}</th></tr></thead>\n<tbody>\n",
      nearest_head, caption, head, nearest_head);
  for (const NearestNames& entry : names) {
    html += fmt::format("<tr><th scope=\"row\">{}</th><td class=\"text\">", html_escaped(entry.name));
    for (std::size_t n = 0; n < entry.nearest.size(); ++n) {
      html += fmt::format("{}{} <small>{:.2f}</small>", n == 0 ? "" : ", ", html_escaped(entry.nearest[n].first),
                          entry.nearest[n].second);
    }
    html += "</td></tr>\n";
  }
  return html + "</tbody>\n</table>\n</div>\n";
}

std::string markdown_nearest(const NearestNames& names) {
  std::string text;
  for (const auto& [name, similarity] : names.nearest) {
    text += fmt::format("{}{} ({:.2f})", text.empty() ? "" : ", ", markdown_escaped(name), similarity);
  }
  return text;
}

}  // namespace matinee::host
