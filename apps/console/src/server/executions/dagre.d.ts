/** The part of dagre that is used here. Its own declarations import without file extensions, which Node's resolution does not find. */
declare module '@dagrejs/dagre' {
  interface Size {
    readonly width: number;
    readonly height: number;
  }
  interface Point {
    readonly x: number;
    readonly y: number;
  }

  export class Graph {
    constructor(options: { readonly multigraph: boolean });
    setGraph(label: object): void;
    graph(): Partial<Size>;
    setNode(name: string, size: Size): void;
    hasNode(name: string): boolean;
    nodes(): string[];
    node(name: string): Size & Partial<Point>;
    setEdge(from: string, to: string, label: object, name: string): void;
    edges(): { readonly v: string; readonly w: string; readonly name?: string }[];
    edge(
      from: string,
      to: string,
      name?: string,
    ): { readonly label: string; readonly kind: 'next' | 'catch'; readonly points?: readonly Point[] };
  }

  /** Places nodes and edges, in the graph itself. */
  export function layout(graph: Graph): void;
}
