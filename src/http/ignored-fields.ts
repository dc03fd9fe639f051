/**
 * Fields that upload widgets and web frameworks add to a form by themselves, in lower case. Other unknown fields are refused, since a
 * misspelled `scheduled_at` would otherwise create a draft without notice.
 */
const names = new Set([
  // Properties of the file: Uppy, Plupload, SWFUpload and scripts that copy a File object
  'name', 'type', 'size', 'relativepath', 'webkitrelativepath', 'lastmodified', 'lastmodifieddate', 'filename', 'file_name', 'filetype',
  'file_type', 'filesize', 'file_size', 'mimetype', 'mime_type', 'contenttype', 'content_type', 'content-type', 'max_file_size',
  // Identifiers and progress: Plupload, FilePond, UppyId, jQuery plugins
  'id', 'uid', 'uuid', 'fileid', 'file_id', 'upload', 'filepond', 'metadata', 'chunk', 'chunks', 'upload_progress_id', 'x-progress-id',
  // Methods, tokens against cross-site forgery, submit buttons: Rails, Laravel, Django, ASP.NET, WordPress, Express
  '_method', '_token', '_csrf', 'csrf', 'csrf_token', 'csrf-token', 'csrftoken', 'csrfmiddlewaretoken', 'authenticity_token', 'xsrf_token',
  '__requestverificationtoken', '_wpnonce', '_wp_http_referer', 'utf8', 'commit', 'submit', 'button', 'action',
  // Answers of captchas
  'g-recaptcha-response', 'h-captcha-response', 'cf-turnstile-response'
])

/** Dropzone, Fine Uploader, Resumable.js, Flow.js and tus number the pieces of a file in fields with a prefix of their own. */
const prefixes = /^(?:dz(?:uuid|chunk|total)|qq(?:uuid|file|part|total|chunk)|resumable[a-z]|flow[a-z]|tus[-_]?[a-z]|uppy[-_]?[a-z])/

const maximumLength = 40

/** Whether the service ignores this field of an upload. */
export function isIgnoredField (name: string): boolean {
  const lowerCase = name.toLowerCase()
  return names.has(lowerCase) || (name.length <= maximumLength && prefixes.test(lowerCase))
}
