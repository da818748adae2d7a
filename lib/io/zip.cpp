#include "io/zip.hpp"

#include <zip.h>

#include <cstdint>
#include <exception>
#include <new>
#include <stdexcept>
#include <utility>

#include "base/error.hpp"
#include "io/atomic_file.hpp"

namespace pushforward {
namespace {

constexpr std::uint64_t max_deflate_ratio = 1032;

struct SourceCloser {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using Source = std::unique_ptr<zip_source_t, SourceCloser>;

struct ArchiveCloser {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using OpenArchive = std::unique_ptr<zip_t, ArchiveCloser>;

// The archive takes ownership of the source.
OpenArchive opened(Source source, int flags, zip_error_t* error) {
  OpenArchive archive(zip_open_from_source(source.get(), flags, error));
  if (archive) static_cast<void>(source.release());
  return archive;
}

// A file that libzip reads. No exception may pass through libzip, so it is kept here.
struct SourceFile {
  const InputFile& file;
  std::uint64_t at = 0;
  std::exception_ptr failure = nullptr;
  zip_error_t error{};

  zip_int64_t read(void* to, zip_uint64_t count) noexcept {
    try {
      const std::size_t got = file.read_at(at, to, static_cast<std::size_t>(count));
      at += got;
      return static_cast<zip_int64_t>(got);
    } catch (...) {
      failure = std::current_exception();
      zip_error_set(&error, ZIP_ER_READ, 0);
      return -1;
    }
  }
};

// libzip's callback for a source.
zip_int64_t serve(void* state, void* data, zip_uint64_t size, zip_source_cmd_t command) noexcept {
  SourceFile& source = *static_cast<SourceFile*>(state);
  switch (static_cast<int>(command)) {
    case ZIP_SOURCE_OPEN:
      source.at = 0;
      return 0;
    case ZIP_SOURCE_READ:
      return source.read(data, size);
    case ZIP_SOURCE_SEEK: {
      const zip_int64_t place =
          zip_source_seek_compute_offset(source.at, source.file.size(), data, size, &source.error);
      if (place >= 0) source.at = static_cast<std::uint64_t>(place);
      return place >= 0 ? 0 : -1;
    }
    case ZIP_SOURCE_TELL:
      return static_cast<zip_int64_t>(source.at);
    case ZIP_SOURCE_STAT: {
      auto* const status = static_cast<zip_stat_t*>(data);
      zip_stat_init(status);
      status->valid = ZIP_STAT_SIZE;
      status->size = source.file.size();
      return sizeof *status;
    }
    case ZIP_SOURCE_ERROR:
      return zip_error_to_data(&source.error, data, size);
    case ZIP_SOURCE_SUPPORTS:
      return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                            ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_STAT,
                                            ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
    default:  // close and free, which the file does itself
      return 0;
  }
}

}  // namespace

struct ZipReader::Archive {
  SourceFile source;
  OpenArchive zip = nullptr;

  // Throws unless the archive itself is the cause of `error`.
  void throw_failure(const zip_error_t& error) const {
    if (source.failure) std::rethrow_exception(source.failure);
    if (zip_error_code_zip(&error) == ZIP_ER_MEMORY) throw std::bad_alloc();
  }
};

ZipReader::~ZipReader() = default;

ZipReader::ZipReader(const InputFile& file) : archive_(std::make_unique<Archive>(Archive{{file}})) {
  zip_error_t error;
  zip_error_init(&error);
  OpenArchive& zip = archive_->zip;
  Source source(zip_source_function_create(serve, &archive_->source, &error));
  if (source) zip = opened(std::move(source), ZIP_RDONLY, &error);
  if (!zip) {
    archive_->throw_failure(error);
    fail_invalid(file.name() + ": is cut short or damaged: it has no valid ZIP directory");
  }
  const auto count = static_cast<std::uint64_t>(zip_get_num_entries(zip.get(), 0));
  for (std::uint64_t i = 0; i < count; ++i) {
    const char* const name = zip_get_name(zip.get(), i, ZIP_FL_ENC_RAW);
    names_.emplace_back(name == nullptr ? "" : name);
  }
}

std::string ZipReader::read(std::size_t index) const {
  zip_t* const zip = archive_->zip.get();
  const InputFile& file = archive_->source.file;
  const std::string name = file.name() + ": " + names_[index];
  const auto damaged = [&](const std::string& what) {
    fail_invalid(name + " is damaged: " + what);
  };
  zip_stat_t status;
  if (zip_stat_index(zip, index, 0, &status) != 0) damaged("its ZIP directory is not valid");
  if (status.encryption_method != ZIP_EM_NONE)
    fail_invalid(name + " is encrypted, which is not read");
  if (status.comp_method != ZIP_CM_STORE && status.comp_method != ZIP_CM_DEFLATE)
    fail_invalid(name + " is packed by method " + std::to_string(status.comp_method) +
                 ", stored and deflated members are read");
  // Checked before memory is allocated.
  const bool stored = status.comp_method == ZIP_CM_STORE;
  if (status.comp_size > file.size()) damaged("it reaches beyond the end of the file");
  if (stored ? status.comp_size != status.size : status.size / max_deflate_ratio > status.comp_size)
    damaged("its sizes make no sense");
  const auto close = [](zip_file_t* member) { zip_fclose(member); };
  const std::unique_ptr<zip_file_t, decltype(close)> member(zip_fopen_index(zip, index, 0), close);
  if (!member) {
    archive_->throw_failure(*zip_get_error(zip));
    damaged("its ZIP header is not valid");
  }
  // libzip compares the checksum in the second read, at the end of the member; not for an empty
  // member.
  std::string bytes(static_cast<std::size_t>(status.size), '\0');
  char none;
  if (zip_fread(member.get(), bytes.data(), bytes.size()) !=
          static_cast<zip_int64_t>(bytes.size()) ||
      zip_fread(member.get(), &none, 1) != 0 || (status.comp_size == 0 && status.crc != 0)) {
    archive_->throw_failure(*zip_file_get_error(member.get()));
    damaged("its checksum does not match");
  }
  return bytes;
}

void write_zip(const std::string& file, const std::vector<ZipMember>& members) {
  AtomicFile out(file);
  zip_error_t error;
  zip_error_init(&error);
  const Source image(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!image) throw std::bad_alloc();
  zip_source_keep(image.get());  // it must outlive the archive
  OpenArchive zip = opened(Source(image.get()), ZIP_TRUNCATE, &error);
  const auto require = [&](bool done) {
    if (done) return;
    const zip_error_t& reason = zip ? *zip_get_error(zip.get()) : error;
    if (zip_error_code_zip(&reason) == ZIP_ER_MEMORY) throw std::bad_alloc();
    throw std::logic_error("an archive in memory cannot be written");
  };
  require(zip != nullptr);
  for (const ZipMember& member : members) {
    std::vector<zip_buffer_fragment_t> parts;
    for (const ZipMember::Part& part : member.parts)
      parts.push_back({static_cast<zip_uint8_t*>(const_cast<void*>(part.bytes)), part.size});
    Source source(zip_source_buffer_fragment(zip.get(), parts.data(), parts.size(), 0));
    require(source != nullptr);
    const zip_int64_t index = zip_file_add(zip.get(), member.name.c_str(), source.get(), 0);
    require(index >= 0);
    static_cast<void>(source.release());
    const auto at = static_cast<zip_uint64_t>(index);
    constexpr zip_uint16_t midnight = 0, first_of_1980 = 0x21;
    require(zip_set_file_compression(zip.get(), at, ZIP_CM_STORE, 0) == 0 &&
            zip_file_set_dostime(zip.get(), at, midnight, first_of_1980, 0) == 0);
  }
  require(zip_close(zip.get()) == 0);
  static_cast<void>(zip.release());
  require(zip_source_open(image.get()) == 0);
  std::vector<char> block(std::size_t{1} << 20);
  for (zip_int64_t got; (got = zip_source_read(image.get(), block.data(), block.size())) > 0;)
    out.write(block.data(), static_cast<std::size_t>(got));
  out.commit();
}

}  // namespace pushforward
