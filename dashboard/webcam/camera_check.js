/* Looks whether this browser will hand out a camera, before anything is asked of it, and says when that changes. */

// What each mounted check said last: saying it again would run the page's script for nothing.
const said = new WeakMap();

export default function ({ parentElement, setStateValue }) {
  const watching = new AbortController();
  const check = async () => {
    const problem = await findProblem(watching.signal, check);
    if (!watching.signal.aborted && problem !== (said.get(parentElement) ?? "")) {
      said.set(parentElement, problem);
      setStateValue("problem", problem);
    }
  };
  navigator.mediaDevices?.addEventListener("devicechange", check, { signal: watching.signal });
  check();
  return () => watching.abort();
}

async function findProblem(signal, onChange) {
  if (!window.isSecureContext) return "insecure";
  if (!navigator.mediaDevices?.getUserMedia) return "unsupported";
  const permission = await cameraPermission();
  permission?.addEventListener("change", onChange, { signal, once: true });
  if (permission?.state === "denied") return "denied";
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.some((device) => device.kind === "videoinput") ? "" : "missing";
}

/* null where the browser does not tell. */
async function cameraPermission() {
  try {
    return await navigator.permissions.query({ name: "camera" });
  } catch {
    return null;
  }
}
