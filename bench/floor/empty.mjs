// The floor of every run: Node starts and stops.
export {};
