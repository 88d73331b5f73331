#include "engine/text/corpus.h"

#include <algorithm>
#include <numeric>

#include "engine/text/stop_words.h"
#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

constexpr const char* kNotes = "notes";  // one a line

}  // namespace

void Corpus::save(TensorWriter& file) const {
  vocabulary.save(file);
  file.add("offsets", offsets);
  file.add("ids", ids);
  std::string joined;
  for (const std::string& note : notes) joined += note + "\n";
  file.note(kNotes, joined);
}

Corpus Corpus::load(const TensorFile& file) {
  Corpus corpus;
  corpus.vocabulary = Vocabulary::load(file);
  corpus.offsets = file.vector<int64_t>("offsets");
  corpus.ids = file.vector<int32_t>("ids");
  const int32_t end = corpus.vocabulary.size();
  const bool sound = !corpus.offsets.empty() && corpus.offsets.front() == 0 &&
                     corpus.offsets.back() == corpus.words() && std::ranges::is_sorted(corpus.offsets) &&
                     std::ranges::all_of(corpus.ids, [end](int32_t id) { return id >= 0 && id < end; });
  if (!sound) fail(ErrorKind::kArtifact, "{}: no corpus: offsets or ids out of range", file.path().string());
  std::string_view rest = file.note(kNotes);
  while (!rest.empty()) {
    const std::size_t line_end = rest.find('\n');
    corpus.notes.emplace_back(rest.substr(0, line_end));
    rest.remove_prefix(line_end == std::string_view::npos ? rest.size() : line_end + 1);
  }
  return corpus;
}

void CorpusBuilder::add_document(std::string_view text) {
  ++texts_;
  splitter_.start(text);
  for (std::string_view word; splitter_.next(word);) {
    if (options_.drop_stop_words && is_english_stop_word(word)) {
      ++stop_words_;
      continue;
    }
    const int32_t id = words_.insert(word);
    if (id == static_cast<int32_t>(counts_.size())) counts_.push_back(0);
    ++counts_[static_cast<std::size_t>(id)];
    ids_.push_back(id);
  }
  if (words() > offsets_.back()) offsets_.push_back(words());
}

std::vector<int32_t> CorpusBuilder::chosen_words() const {
  std::vector<int32_t> order(counts_.size());
  std::iota(order.begin(), order.end(), 0);
  const auto count = [&](int32_t id) { return counts_[static_cast<std::size_t>(id)]; };
  std::ranges::stable_sort(order, std::ranges::greater{}, count);
  const auto rare = std::ranges::find_if(order, [&](int32_t id) { return count(id) < options_.min_count; });
  order.erase(rare, order.end());
  if (options_.largest_vocabulary > 0 && static_cast<int64_t>(order.size()) > options_.largest_vocabulary) {
    order.resize(static_cast<std::size_t>(options_.largest_vocabulary));
  }
  return order;
}

void CorpusBuilder::require_words(std::string_view source, std::size_t chosen) const {
  if (words() == 0) {
    fail(ErrorKind::kInput, "{}: no words in {} texts{}: is this the right text?", source, texts_,
         stop_words_ > 0 ? fmt::format(" but {} stop words (text.drop_stop_words)", stop_words_) : "");
  }
  if (chosen > 0) return;
  const auto most = std::ranges::max_element(counts_);
  fail(ErrorKind::kInput,
       "{}: every word stands less than {} times, which text.min_count asks for; the most frequent, \"{}\", stands {} "
       "times: lower text.min_count",
       source, options_.min_count, words_.id(static_cast<int32_t>(most - counts_.begin())), *most);
}

void CorpusBuilder::note(Corpus& corpus) const {
  const int64_t left_out = words_.size() - corpus.vocabulary.word_count();
  corpus.notes.push_back(
      fmt::format("{} texts with {} words, {} of them different", documents(), words(), words_.size()));
  if (left_out > 0) {
    corpus.notes.push_back(fmt::format("{} different words are too rare for the vocabulary: {} occurrences", left_out,
                                       corpus.vocabulary.count(Vocabulary::kUnknown)));
  }
  if (texts_ > documents()) corpus.notes.push_back(fmt::format("{} texts have no words", texts_ - documents()));
  if (stop_words_ > 0) corpus.notes.push_back(fmt::format("{} stop words were left out", stop_words_));
  if (splitter_.overlong() > 0) {
    corpus.notes.push_back(
        fmt::format("{} words longer than {} bytes were left out", splitter_.overlong(), kLongestWord));
  }
}

Corpus CorpusBuilder::finish(std::string_view source) {
  const std::vector<int32_t> chosen = chosen_words();
  require_words(source, chosen.size());
  Corpus corpus;
  std::vector<int32_t> final_ids(counts_.size(), Vocabulary::kUnknown);
  int64_t known = 0;
  for (const int32_t id : chosen) {
    const auto index = static_cast<std::size_t>(id);
    final_ids[index] = corpus.vocabulary.size();
    corpus.vocabulary.add(words_.id(id), counts_[index]);
    known += counts_[index];
  }
  corpus.vocabulary.set_unknown_count(words() - known);
  for (int32_t& id : ids_) id = final_ids[static_cast<std::size_t>(id)];
  note(corpus);
  corpus.offsets = std::move(offsets_);
  corpus.ids = std::move(ids_);
  return corpus;
}

}  // namespace matinee::engine
