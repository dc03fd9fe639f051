import { createClient, createLoginFlow, deviceTokensIn, readSmsCode } from 'cheershare/client'

const service = new URLSearchParams(window.location.search).get('service') ?? 'http://127.0.0.1:4000'
const find = (id) => document.getElementById(id)
/** The token lives in this variable alone, so a reload signs out. docs/clients.md names the alternatives. */
let token
const client = createClient({ baseUrl: service, token: () => token })
const flow = createLoginFlow({ client, deviceTokens: deviceTokensIn(window.localStorage) })

const sentences = {
  expired_code: 'The code has expired. Send another one.',
  used_code: 'This code was used already. Send another one.',
  offline: 'The service cannot be reached. Check your connection and try again.'
}

function describe ({ kind, message, retryAt }) {
  const seconds = retryAt === undefined ? 0 : Math.ceil((retryAt - Date.now()) / 1000)
  const wait = kind === 'wait' && seconds > 0 ? ` Try again in ${seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`}.` : ''
  return (sentences[kind] ?? message) + wait
}

let shownStep = 'number'
function show ({ step, isBusy, problem, delivery, signedIn }) {
  for (const id of ['number', 'code', 'name', 'done']) find(id).hidden = id !== step
  for (const button of document.querySelectorAll('form > button:not([type])')) button.disabled = isBusy
  find('problem').textContent = problem === undefined ? '' : describe(problem)
  find('delivery').textContent = delivery?.message ?? ''
  if (step === shownStep) return
  shownStep = step
  find(step).querySelector('input')?.focus()
  if (step === 'code') readCode()
  if (step === 'done') {
    token = signedIn.token
    find('user').textContent = signedIn.data.name
    listToday()
  }
}

async function readCode () {
  const code = await readSmsCode('OTPCredential' in window ? navigator.credentials : undefined)
  if (code === undefined || flow.state.step !== 'code') return
  find('code').elements.otp.value = code
  await flow.submitCode(code)
}

function countDown () {
  const seconds = flow.resendIn()
  find('resend').disabled = seconds > 0
  find('resend').textContent = seconds > 0 ? `Send another code in ${seconds} s` : 'Send another code'
}

function onSubmit (id, work) {
  find(id).addEventListener('submit', (event) => {
    event.preventDefault()
    work(event.target.elements)
  })
}

/** XMLHttpRequest, because fetch reports no progress of uploads. The key makes a repeated request return the first result. */
function send (form, key) {
  return new Promise((resolve) => {
    const request = new window.XMLHttpRequest()
    request.open('POST', `${service}/upload-creative`)
    request.setRequestHeader('authorization', `Bearer ${token}`)
    request.setRequestHeader('idempotency-key', key)
    request.upload.onprogress = ({ loaded, total }) => { document.querySelector('progress').value = loaded / total }
    request.onloadend = () => resolve({ status: request.status, body: request.status === 0 ? {} : JSON.parse(request.responseText) })
    request.send(form)
  })
}

async function upload ({ file }) {
  const form = new FormData()
  form.append('scheduled_at', new Intl.DateTimeFormat('en-CA').format())
  form.append('tz', Intl.DateTimeFormat().resolvedOptions().timeZone)
  form.append('file', file.files[0])
  const key = crypto.randomUUID()
  let reply = await send(form, key)
  for (let pause = 1000; (reply.status === 0 || reply.status === 503) && pause < 10_000; pause *= 2) {
    await new Promise((resolve) => setTimeout(resolve, pause))
    reply = await send(form, key)
  }
  find('problem').textContent = reply.status === 200 ? '' : reply.body.error ?? sentences.offline
  await listToday()
}

async function listToday () {
  const { data } = await client.GET('/scheduled', { params: { query: { owner: 'me' } } })
  find('today').replaceChildren(...(data?.scheduled_creatives.today ?? []).map(showCreative))
}

function showCreative ({ id, preview_url: address, alt_text: text }) {
  const image = Object.assign(new window.Image(), { src: address, alt: text ?? '' })
  // The signature of an address ends after a while; the creative then has new ones.
  image.addEventListener('error', async () => {
    const { data } = await client.GET('/creatives/{id}', { params: { path: { id } } })
    if (data !== undefined) image.src = data.creative.preview_url
  }, { once: true })
  return image
}

async function signOut () {
  await client.POST('/logout')
  token = undefined
  flow.restart()
}

flow.subscribe(show)
onSubmit('number', ({ phone }) => flow.requestCode(phone.value))
onSubmit('code', ({ otp }) => flow.submitCode(otp.value))
onSubmit('name', ({ name }) => flow.submitName(name.value))
onSubmit('upload', upload)
find('resend').addEventListener('click', flow.resend)
find('restart').addEventListener('click', flow.restart)
find('logout').addEventListener('click', signOut)
setInterval(countDown, 250)
