internal import Hummingbird
enum UISkeleton {}
