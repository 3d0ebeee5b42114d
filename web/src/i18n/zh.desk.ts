// Words in Chinese: the desk's tools.
export default {
  keys: {
    title: '快捷键',
    down: '下一行',
    up: '上一行',
    open: '打开这一行',
    pick: '选中或取消这一行',
    accept: '受理选中的',
    search: '查找',
    filter: '用第几个已存的筛选',
    entry: '柜台录入',
    help: '看这张表',
  },
  bulk: {
    accept: '受理选中的 {n} 件',
    all: '全选',
    pick: '选中 {number}',
    results: '批量受理结果',
    waiting: '等待',
    done: '已受理',
    refused: '没有办成',
    not_offered: '这件现在不能受理',
  },
  filters: {
    title: '已存的筛选',
    save: '存下这个筛选',
    keep: '保存',
    name: '起个名字',
    remove: '删除筛选 {name}',
  },
  gallery: {
    title: '组件一览',
    frame: '这是整页的框架，每页都在。',
  },
}
