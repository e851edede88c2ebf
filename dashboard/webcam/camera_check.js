/* Checks whether this browser offers a camera, without asking for permission, and reports every change. */

// The last problem reported by each mounted check. Reporting it again would run the page's script for nothing.
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

/* The status of the camera permission, or null if the browser does not report it. */
async function cameraPermission() {
  try {
    return await navigator.permissions.query({ name: "camera" });
  } catch {
    return null;
  }
}
