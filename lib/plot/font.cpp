#include "plot/font.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <pango/pangocairo.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <new>
#include <string>

#include "base/error.hpp"
#include "base/messages.hpp"

#ifdef __SANITIZE_ADDRESS__
// Fontconfig keeps what it has read until the end, which the leak checker would report.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig"; }
#endif

namespace pushforward {
namespace {

constexpr const char* family = "DejaVu Sans";
constexpr std::size_t enough_memory = std::size_t{40} << 20;  // three threads and some fonts

// The original standard error while it is turned off; otherwise -1.
int kept_standard_error = -1;

void restore_standard_error() {
  if (kept_standard_error < 0) return;
  dup2(kept_standard_error, STDERR_FILENO);
  close(kept_standard_error);
  kept_standard_error = -1;
}

// Discards standard error while it exists: Fontconfig prints complaints about the system, such as a
// cache that it cannot write, directly there.
class StandardErrorOff {
 public:
  StandardErrorOff() {
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere < 0) return;
    kept_standard_error = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (kept_standard_error >= 0) dup2(nowhere, STDERR_FILENO);
    close(nowhere);
  }
  ~StandardErrorOff() { restore_standard_error(); }
  StandardErrorOff(const StandardErrorOff&) = delete;
  StandardErrorOff& operator=(const StandardErrorOff&) = delete;
};

// std::bad_alloc unless the process can get so much more memory.
void require_memory(std::size_t bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  munmap(memory, bytes);
}

// Called by GLib with a message. After a fatal one GLib would abort; this ends the program first.
GLogWriterOutput take_message(GLogLevelFlags level, const GLogField* fields, gsize count,
                              gpointer /*nothing*/) {
  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_FLAG_FATAL)) == 0) return G_LOG_WRITER_HANDLED;
  std::string message;
  for (gsize i = 0; i < count; ++i)
    if (std::strcmp(fields[i].key, "MESSAGE") == 0)
      message = static_cast<const char*>(fields[i].value);
  restore_standard_error();
  say("text cannot be drawn: " + message);
  _exit(1);
}

// GLib accepts such a function only once per process.
void take_messages() {
  static const bool taken = (g_log_set_writer_func(take_message, nullptr, nullptr), true);
  static_cast<void>(taken);
}

// Text does not depend on its place, its size or the language of the user.
PangoContext* exact_context(PangoFontMap* map) {
  PangoContext* context = pango_font_map_create_context(map);
  pango_context_set_language(context, pango_language_from_string("en"));
  pango_context_set_round_glyph_positions(context, FALSE);
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(context, options);
  cairo_font_options_destroy(options);
  return context;
}

Font found_font() {
  take_messages();
  mallopt(M_ARENA_MAX, 1);  // else each of Pango's threads would reserve 64 MiB
  PangoFontDescription* description = pango_font_description_new();
  pango_font_description_set_family_static(description, family);
  pango_font_description_set_absolute_size(description, PANGO_SCALE);
  PangoContext* context = nullptr;
  PangoFont* font = nullptr;
  {
    const StandardErrorOff off;  // a thread of Pango calls Fontconfig; loading waits for it
    PangoFontMap* map = pango_cairo_font_map_new();
    context = exact_context(map);
    font = pango_font_map_load_font(map, context, description);
  }
  if (font == nullptr)
    fail_not_found("no font is installed to write with; install one (Debian: fonts-dejavu-core)");
  PangoFontDescription* found = pango_font_describe(font);
  const char* name = pango_font_description_get_family(found);
  if (name == nullptr || std::strcmp(name, family) != 0)
    warn(std::string("the font ") + family + " is not installed (Debian: fonts-dejavu-core); " +
         (name == nullptr ? "another" : name) + " is drawn in its place");
  pango_font_description_free(found);
  g_object_unref(font);
  return {context, description};
}

}  // namespace

const Font& picture_font() {
  require_memory(enough_memory);
  static const Font font = found_font();
  return font;
}

}  // namespace pushforward
