// What the tablet keeps: its key, the table's memoranda, and sealed packets that wait.
const NAME = "signing-table";
const STORES = ["facts", "memoranda", "packets"];

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => STORES.forEach((store) => asked.result.createObjectStore(store));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function change(store, mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode);
      const asked = work(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(asked?.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const get = (store, key) => change(store, "readonly", (rows) => rows.get(key));
export const all = (store) => change(store, "readonly", (rows) => rows.getAll());
export const put = (store, key, value) => change(store, "readwrite", (rows) => rows.put(value, key));
export const remove = (store, key) => change(store, "readwrite", (rows) => rows.delete(key));

export function replaceAll(store, pairs) {
  return change(store, "readwrite", (rows) => {
    rows.clear();
    for (const [key, value] of pairs) rows.put(value, key);
  });
}
